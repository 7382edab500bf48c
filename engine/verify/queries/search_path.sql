-- The schemas that the session's search_path finds. It runs on that path, and holds no operator.
SELECT pg_catalog.to_json(pg_catalog.current_schemas(true)) AS path
