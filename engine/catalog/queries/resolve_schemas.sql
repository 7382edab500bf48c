-- As resolve.sql, for every relation of the schemas $1; where that is empty, of all but the system's and the
-- engine's own ($2, and those named after it). Temporary relations of any session are nobody's schema.
WITH found AS (
  SELECT c.oid, n.nspname, c.relname
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND c.relpersistence <> 't'
    AND CASE WHEN pg_catalog.cardinality($1::pg_catalog.text[]) > 0
             THEN n.nspname = ANY ($1::pg_catalog.text[]::pg_catalog.name[])
             ELSE n.nspname <> 'information_schema'
                  AND NOT pg_catalog.starts_with(n.nspname::pg_catalog.text, 'pg_')
                  AND n.nspname <> $2::pg_catalog.name
                  AND NOT pg_catalog.starts_with(n.nspname::pg_catalog.text,
                                                 pg_catalog.concat($2::pg_catalog.text, '_')) END
)
SELECT pg_catalog.set_config('engine.relations', coalesce(
         (SELECT pg_catalog.array_agg(f.oid ORDER BY f.nspname, f.relname) FROM found f)::pg_catalog.text, '{}'), true)
