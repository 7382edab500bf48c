-- $1 schema, "" for a bare name; $2 name.
SELECT n.nspname AS schema, t.typname AS name,
       CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'c' THEN 'composite' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range'
                      WHEN 'm' THEN 'multirange' WHEN 'p' THEN 'pseudo' ELSE 'base' END AS kind,
       (SELECT pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder)
        FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) AS labels,
       CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END AS base,
       pg_catalog.pg_get_userbyid(t.typowner) AS owner, pg_catalog.obj_description(t.oid, 'pg_type') AS comment
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.typname = $2::pg_catalog.name
  AND CASE WHEN $1::pg_catalog.text = ''
           THEN n.nspname = ANY (pg_catalog.current_setting('engine.schemas')::pg_catalog.name[])
           ELSE n.nspname = $1::pg_catalog.name END
ORDER BY pg_catalog.array_position(pg_catalog.current_setting('engine.schemas')::pg_catalog.name[], n.nspname)
LIMIT 1
