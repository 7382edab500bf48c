-- The first of a flush: what the session's search_path finds, and then the path by which everything is printed.
SELECT pg_catalog.to_json(pg_catalog.current_schemas(true)) AS path,
       pg_catalog.set_config('engine.search_path', pg_catalog.current_setting('search_path'), true),
       pg_catalog.set_config('search_path', 'pg_catalog', true)
