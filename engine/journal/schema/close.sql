-- After the scripts: default privileges (Supabase has them for its API roles) may have opened the new objects, and
-- functions are open to PUBLIC by default. Nobody but the owner may use what has just been made.
DO $$
DECLARE
  standing oid[] := pg_catalog.string_to_array(pg_catalog.current_setting('engine.standing'), ',')::oid[];
  opened record;
BEGIN
  FOR opened IN
    SELECT DISTINCT o.kind, o.name, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(r.rolname) END AS grantee
      FROM (SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, c.oid::pg_catalog.regclass::text AS name,
                   c.relowner AS owner, c.relacl AS acl
              FROM pg_catalog.pg_class AS c
             WHERE c.relnamespace = pg_catalog.to_regnamespace('{schema}') AND c.relkind IN ('r', 'S')
               AND c.oid <> ALL (standing)
            UNION ALL
            SELECT 'FUNCTION', p.oid::pg_catalog.regprocedure::text, p.proowner,
                   COALESCE(p.proacl, pg_catalog.acldefault('f', p.proowner))
              FROM pg_catalog.pg_proc AS p
             WHERE p.pronamespace = pg_catalog.to_regnamespace('{schema}') AND p.oid <> ALL (standing)
            UNION ALL
            SELECT 'SCHEMA', n.oid::pg_catalog.regnamespace::text, n.nspowner, n.nspacl
              FROM pg_catalog.pg_namespace AS n
             WHERE n.oid = pg_catalog.to_regnamespace('{schema}') AND standing = '{}') AS o
           CROSS JOIN LATERAL pg_catalog.aclexplode(o.acl) AS a
           LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = a.grantee
     WHERE a.grantee <> o.owner
  LOOP
    EXECUTE pg_catalog.format('REVOKE ALL ON %s %s FROM %s', opened.kind, opened.name, opened.grantee);
  END LOOP;
END
$$
