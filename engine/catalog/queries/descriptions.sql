-- How the server names objects: $1 their catalogs, $2 their OIDs, $3 their columns. It runs on the session's search_path, and
-- holds no operator.
SELECT pg_catalog.pg_describe_object(o.class, o.object, o.sub) AS description
FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.oid[]),
                pg_catalog.unnest($3::pg_catalog.int4[])) WITH ORDINALITY AS o (class, object, sub, place)
ORDER BY o.place
