-- Roles of the target as statements, none of them with a password. $1 the shadow's own superuser.
SELECT pg_catalog.format('CREATE ROLE %I WITH LOGIN %s %s %s %s %s', r.rolname,
         CASE WHEN r.rolsuper THEN 'SUPERUSER' ELSE 'NOSUPERUSER' END,
         CASE WHEN r.rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END,
         CASE WHEN r.rolcreaterole THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END,
         CASE WHEN r.rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END,
         CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END) AS statement, 1 AS position
  FROM pg_catalog.pg_roles AS r
 WHERE r.rolname NOT LIKE 'pg\_%' AND r.rolname <> $1
UNION ALL
SELECT pg_catalog.format('GRANT %I TO %I%s', g.rolname, m.rolname, CASE WHEN a.admin_option THEN ' WITH ADMIN OPTION' ELSE '' END), 2
  FROM pg_catalog.pg_auth_members AS a
  JOIN pg_catalog.pg_roles AS g ON g.oid = a.roleid
  JOIN pg_catalog.pg_roles AS m ON m.oid = a.member
 WHERE m.rolname NOT LIKE 'pg\_%' AND m.rolname <> $1 AND g.rolname <> $1
UNION ALL
SELECT pg_catalog.format('ALTER ROLE %I SET %I = %s', r.rolname, pg_catalog.split_part(c.setting, '=', 1),
         CASE WHEN pg_catalog.lower(pg_catalog.split_part(c.setting, '=', 1)) IN ('search_path', 'datestyle', 'temp_tablespaces')
              THEN pg_catalog.substr(c.setting, pg_catalog.strpos(c.setting, '=') + 1)
              ELSE pg_catalog.quote_literal(pg_catalog.substr(c.setting, pg_catalog.strpos(c.setting, '=') + 1)) END), 3
  FROM pg_catalog.pg_roles AS r
  CROSS JOIN pg_catalog.unnest(r.rolconfig) AS c (setting)
 WHERE r.rolname NOT LIKE 'pg\_%' AND r.rolname <> $1 AND r.rolconfig IS NOT NULL
ORDER BY 2, 1
