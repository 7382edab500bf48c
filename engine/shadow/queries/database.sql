-- What CREATE DATABASE … TEMPLATE and pg_dump leave behind of the current database: owner, privileges, settings. As
-- statements for a database $1.
WITH here AS (
  SELECT d.oid, d.datdba, COALESCE(d.datacl, pg_catalog.acldefault('d', d.datdba)) AS acl
    FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database()
),
setting AS (
  SELECT s.setrole, pg_catalog.split_part(c.text, '=', 1) AS name,
         pg_catalog.substr(c.text, pg_catalog.strpos(c.text, '=') + 1) AS value
    FROM pg_catalog.pg_db_role_setting AS s
    JOIN here ON s.setdatabase = here.oid
    CROSS JOIN pg_catalog.unnest(s.setconfig) AS c (text)
)
SELECT statement FROM (
  SELECT 1 AS position, pg_catalog.format('ALTER DATABASE %I OWNER TO %I', $1::text, pg_catalog.pg_get_userbyid(datdba)) AS statement
    FROM here
  UNION ALL
  SELECT 2, pg_catalog.format('REVOKE ALL ON DATABASE %I FROM PUBLIC', $1::text)
  UNION ALL
  SELECT 3, pg_catalog.format('GRANT %s ON DATABASE %I TO %s%s', a.privilege_type, $1::text,
              CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END,
              CASE WHEN a.is_grantable AND a.grantee <> 0 AND a.grantee <> here.datdba THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM here CROSS JOIN pg_catalog.aclexplode(here.acl) AS a
  UNION ALL
  SELECT 4, pg_catalog.format('%s SET %I = %s',
              CASE setrole WHEN 0 THEN pg_catalog.format('ALTER DATABASE %I', $1::text)
                           ELSE pg_catalog.format('ALTER ROLE %I IN DATABASE %I', pg_catalog.pg_get_userbyid(setrole), $1::text) END,
              name,
              -- Lists are kept with the quotes that their items need.
              CASE WHEN pg_catalog.lower(name) IN ('search_path', 'datestyle', 'temp_tablespaces') THEN value
                   ELSE pg_catalog.quote_literal(value) END)
    FROM setting) AS all_of_it
ORDER BY position
