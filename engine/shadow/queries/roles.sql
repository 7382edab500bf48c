-- Roles as statements, none of them with a password; `again` for a role that is there with other attributes, `undo` for
-- what should not be there. $1 the shadow's own superuser.
SELECT pg_catalog.format('CREATE ROLE %I WITH %s', r.rolname, a.attributes) AS statement,
       pg_catalog.format('ALTER ROLE %I WITH %s', r.rolname, a.attributes) AS again,
       pg_catalog.format('DROP ROLE %I', r.rolname) AS undo, 1 AS position
  FROM pg_catalog.pg_roles AS r
  CROSS JOIN LATERAL (SELECT pg_catalog.concat_ws(' ',
         CASE WHEN r.rolcanlogin OR r.rolname = current_user THEN 'LOGIN' ELSE 'NOLOGIN' END,
         CASE WHEN r.rolsuper THEN 'SUPERUSER' ELSE 'NOSUPERUSER' END,
         CASE WHEN r.rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END,
         CASE WHEN r.rolcreaterole THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END,
         CASE WHEN r.rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END,
         CASE WHEN r.rolreplication THEN 'REPLICATION' ELSE 'NOREPLICATION' END,
         CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END) AS attributes) AS a
 WHERE r.rolname NOT LIKE 'pg\_%' AND r.rolname <> $1
UNION ALL
SELECT g.statement, g.statement, pg_catalog.format('REVOKE %I FROM %I', of_role.rolname, m.rolname), 2
  FROM pg_catalog.pg_auth_members AS a
  JOIN pg_catalog.pg_roles AS of_role ON of_role.oid = a.roleid
  JOIN pg_catalog.pg_roles AS m ON m.oid = a.member
  CROSS JOIN LATERAL (SELECT pg_catalog.format('GRANT %I TO %I%s', of_role.rolname, m.rolname,
                                               CASE WHEN a.admin_option THEN ' WITH ADMIN OPTION' ELSE '' END) AS statement) AS g
 WHERE m.rolname NOT LIKE 'pg\_%' AND m.rolname <> $1 AND of_role.rolname <> $1
UNION ALL
SELECT s.statement, s.statement, pg_catalog.format('ALTER ROLE %I RESET %I', r.rolname, c.name), 3
  FROM pg_catalog.pg_roles AS r
  CROSS JOIN pg_catalog.unnest(r.rolconfig) AS of_role (setting)
  CROSS JOIN LATERAL (SELECT pg_catalog.split_part(of_role.setting, '=', 1) AS name,
                             pg_catalog.substr(of_role.setting, pg_catalog.strpos(of_role.setting, '=') + 1) AS value) AS c
  CROSS JOIN LATERAL (SELECT pg_catalog.format('ALTER ROLE %I SET %I = %s', r.rolname, c.name,
         -- Lists are kept with the quotes that their items need.
         CASE WHEN pg_catalog.lower(c.name) IN ('search_path', 'datestyle', 'temp_tablespaces') THEN c.value
              ELSE pg_catalog.quote_literal(c.value) END) AS statement) AS s
 WHERE r.rolname NOT LIKE 'pg\_%' AND r.rolname <> $1
ORDER BY 4, 1
