-- What relations stand on or among, as statements that make it again: schemas, extensions, functions, privileges on these and
-- on types, default privileges. What is an extension's comes with it. Types (types.sql) go before what is at 4.
WITH own AS (
  SELECT n.oid, n.nspname, n.nspowner, n.nspacl FROM pg_catalog.pg_namespace AS n
   WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg\_temp\_%'
     AND n.nspname NOT LIKE 'pg\_toast\_temp\_%'
),
extension_member AS (
  SELECT d.classid, d.objid FROM pg_catalog.pg_depend AS d WHERE d.deptype = 'e'
),
type AS (
  SELECT t.*, pg_catalog.format('%I.%I', own.nspname, t.typname) AS name
    FROM pg_catalog.pg_type AS t
    JOIN own ON own.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
   WHERE (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c')
     AND NOT EXISTS (SELECT FROM extension_member AS m WHERE m.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND m.objid = t.oid)
),
routine AS (
  SELECT p.*, pg_catalog.format('%s %I.%I(%s)', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, own.nspname, p.proname,
                                pg_catalog.pg_get_function_identity_arguments(p.oid)) AS signature
    FROM pg_catalog.pg_proc AS p
    JOIN own ON own.oid = p.pronamespace
   WHERE p.prokind IN ('f', 'p', 'w')
     AND NOT EXISTS (SELECT FROM extension_member AS m WHERE m.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND m.objid = p.oid)
),
granted AS (
  SELECT 'SCHEMA ' || pg_catalog.quote_ident(nspname) AS object, nspacl AS acl FROM own WHERE nspacl IS NOT NULL
  UNION ALL SELECT signature, proacl FROM routine WHERE proacl IS NOT NULL
  UNION ALL SELECT 'TYPE ' || name, typacl FROM type WHERE typacl IS NOT NULL
)
SELECT position, statement FROM (
  SELECT 1 AS position, nspname::text AS name, pg_catalog.format('CREATE SCHEMA IF NOT EXISTS %1$I; ALTER SCHEMA %1$I OWNER TO %2$I', nspname,
                                                  pg_catalog.pg_get_userbyid(nspowner)) AS statement
    FROM own
  UNION ALL
  SELECT 2, e.extname, pg_catalog.format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %I CASCADE', e.extname, n.nspname)
    FROM pg_catalog.pg_extension AS e JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
  UNION ALL
  SELECT 4, signature, pg_catalog.pg_get_functiondef(oid) || pg_catalog.format('; ALTER %s OWNER TO %I', signature, pg_catalog.pg_get_userbyid(proowner))
    FROM routine
  UNION ALL
  SELECT 5, object, pg_catalog.format('REVOKE ALL ON %s FROM PUBLIC; %s', object,
           (SELECT pg_catalog.string_agg(pg_catalog.format('GRANT %s ON %s TO %s%s', a.privilege_type, object,
                     CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END,
                     CASE WHEN a.is_grantable AND a.grantee <> 0 THEN ' WITH GRANT OPTION' ELSE '' END), '; ')
              FROM pg_catalog.aclexplode(acl) AS a))
    FROM granted
  UNION ALL
  -- At last: they would give rights on what is made here.
  SELECT 9, d.oid::text, pg_catalog.format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s GRANT %s ON %s TO %s%s', pg_catalog.pg_get_userbyid(d.defaclrole),
           COALESCE(' IN SCHEMA ' || pg_catalog.quote_ident(n.nspname), ''), a.privilege_type,
           CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END,
           CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END,
           CASE WHEN a.is_grantable AND a.grantee <> 0 THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM pg_catalog.pg_default_acl AS d
    LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = d.defaclnamespace
    CROSS JOIN pg_catalog.aclexplode(d.defaclacl) AS a) AS all_of_it
 ORDER BY position, name
