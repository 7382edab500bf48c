-- Effective access: each role that is no superuser and does not own it, each relation, each privilege, memberships followed; with what row
-- security leaves of it. $1 the journal's schema.
SELECT pg_catalog.format('%s may %s %I.%I%s', pg_catalog.quote_ident(r.rolname), p.privilege, n.nspname, c.relname,
         CASE WHEN c.relkind NOT IN ('r', 'p') THEN ''
              WHEN NOT c.relrowsecurity THEN ''
              WHEN r.rolbypassrls THEN ' (past row security)'
              WHEN pg_catalog.pg_has_role(r.oid, c.relowner, 'USAGE') AND NOT c.relforcerowsecurity
                THEN ' (as its owner)'
              WHEN NOT EXISTS (
                     SELECT FROM pg_catalog.pg_policy AS o
                      WHERE o.polrelid = c.oid AND o.polpermissive
                        AND (o.polcmd = '*' OR o.polcmd = CASE p.privilege WHEN 'SELECT' THEN 'r' WHEN 'INSERT' THEN 'a'
                                                               WHEN 'UPDATE' THEN 'w' WHEN 'DELETE' THEN 'd' END)
                        AND (o.polroles = '{0}' OR EXISTS (
                              SELECT FROM pg_catalog.unnest(o.polroles) AS of_role(oid)
                               WHERE pg_catalog.pg_has_role(r.oid, of_role.oid, 'USAGE'))))
                   AND p.privilege <> 'TRUNCATE' THEN ', no row'
              WHEN p.privilege = 'TRUNCATE' THEN ' (past row security)'
              ELSE ', rows by policy' END) AS line
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  CROSS JOIN pg_catalog.pg_roles AS r
  CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS p (privilege)
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'engine_trace', $1::text)
   AND n.nspname NOT LIKE $1 || '\_%' AND n.nspname NOT LIKE 'pg\_temp\_%' AND NOT r.rolsuper AND r.oid <> c.relowner AND r.rolname NOT LIKE 'pg\_%'
   AND (c.relkind <> 'm' OR p.privilege = 'SELECT')
   AND pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE')
   AND (pg_catalog.has_table_privilege(r.oid, c.oid, p.privilege)
        OR p.privilege IN ('SELECT', 'INSERT', 'UPDATE') AND pg_catalog.has_any_column_privilege(r.oid, c.oid, p.privilege))
