-- Functions and policies whose text has the name in it; pg_depend knows nothing of a body that is text.
-- $1 the name as a pattern that matches it as a word.
WITH path AS (
  SELECT pg_catalog.current_setting('engine.schemas', true)::pg_catalog.name[] AS schemas
)
SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind, n.nspname AS schema, p.proname AS name,
       NULL AS table_schema, NULL AS table_name, p.oid,
       pg_catalog.format('function %s%I(%s) names it in its body (found by text)',
                         CASE WHEN n.nspname = ANY (s.schemas) THEN '' ELSE pg_catalog.quote_ident(n.nspname) || '.' END,
                         p.proname, pg_catalog.replace(pg_catalog.oidvectortypes(p.proargtypes), ', ', ',')) AS description
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_language l ON l.oid = p.prolang
CROSS JOIN path s
WHERE l.lanname NOT IN ('internal', 'c') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND p.prosrc ~* $1
UNION ALL
SELECT 'policy', NULL, y.polname, tn.nspname, t.relname, y.oid,
       pg_catalog.format('policy %I of %s%I names it (found by text)', y.polname,
                         CASE WHEN tn.nspname = ANY (s.schemas) THEN '' ELSE pg_catalog.quote_ident(tn.nspname) || '.' END,
                         t.relname)
FROM pg_catalog.pg_policy y
JOIN pg_catalog.pg_class t ON t.oid = y.polrelid
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
CROSS JOIN path s
WHERE pg_catalog.concat_ws(' ', pg_catalog.pg_get_expr(y.polqual, y.polrelid),
                           pg_catalog.pg_get_expr(y.polwithcheck, y.polrelid)) ~* $1
ORDER BY kind, schema, name
