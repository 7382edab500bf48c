-- The first of a flush: finds the relations by the session's search_path, and hands their OIDs to the queries
-- behind it. It runs on the session's own search_path, so operators and types are qualified too.
-- $1 schemas, "" for a bare name; $2 names.
WITH found AS (
  SELECT c.oid, pg_catalog.min(w.position) AS position
  FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[]))
       WITH ORDINALITY AS w (schema, name, position)
  JOIN pg_catalog.pg_class c
    ON c.relname OPERATOR(pg_catalog.=) w.name::pg_catalog.name
   AND c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p,v,m,S,f}'::pg_catalog."char"[])
  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
  WHERE CASE WHEN w.schema OPERATOR(pg_catalog.=) '' THEN pg_catalog.pg_table_is_visible(c.oid)
             ELSE n.nspname OPERATOR(pg_catalog.=) w.schema::pg_catalog.name END
  GROUP BY c.oid
)
SELECT pg_catalog.set_config('engine.relations', coalesce(
         (SELECT pg_catalog.array_agg(f.oid ORDER BY f.position) FROM found f)::pg_catalog.text, '{}'), true)
