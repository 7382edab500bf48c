-- Functions that policies call, and for each the roles whose queries a policy then breaks: they reach the table, the policy is for them,
-- and they may not execute it. The schema of a function does not matter where a policy calls it. $1 the journal's schema.
WITH role AS (
  SELECT r.oid, r.rolname FROM pg_catalog.pg_roles AS r
   WHERE NOT r.rolsuper AND NOT r.rolbypassrls AND r.rolname NOT LIKE 'pg\_%'
),
called AS (
  SELECT DISTINCT o.oid AS policy, o.polrelid, o.polname, o.polroles, o.polcmd, c.relname, c.relowner, c.relrowsecurity, c.relforcerowsecurity,
         c.relnamespace, n.nspname, f.oid AS function,
         CASE f.prokind WHEN 'p' THEN 'procedure ' ELSE 'function ' END
           || pg_catalog.format('%I.%I(%s)', of_function.nspname, f.proname, pg_catalog.oidvectortypes(f.proargtypes)) AS object
    FROM pg_catalog.pg_depend AS d
    JOIN pg_catalog.pg_policy AS o ON o.oid = d.objid
    JOIN pg_catalog.pg_class AS c ON c.oid = o.polrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_proc AS f ON f.oid = d.refobjid
    JOIN pg_catalog.pg_namespace AS of_function ON of_function.oid = f.pronamespace
   WHERE d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
     AND n.nspname NOT IN ('engine_trace', $1::text)
)
SELECT pg_catalog.format('%I.%I', called.nspname, called.relname) AS relation, called.polname AS policy, called.object,
       (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(role.rolname), E'\n' ORDER BY role.rolname)
          FROM role
         WHERE called.relrowsecurity AND NOT pg_catalog.has_function_privilege(role.oid, called.function, 'EXECUTE')
           AND (called.polroles = '{0}' OR EXISTS (SELECT FROM pg_catalog.unnest(called.polroles) AS of_role (oid)
                                                    WHERE pg_catalog.pg_has_role(role.oid, of_role.oid, 'USAGE')))
           AND (called.relforcerowsecurity OR NOT pg_catalog.pg_has_role(role.oid, called.relowner, 'USAGE'))
           AND pg_catalog.has_schema_privilege(role.oid, called.relnamespace, 'USAGE')
           AND CASE called.polcmd WHEN 'r' THEN pg_catalog.has_any_column_privilege(role.oid, called.polrelid, 'SELECT')
                                  WHEN 'a' THEN pg_catalog.has_any_column_privilege(role.oid, called.polrelid, 'INSERT')
                                  WHEN 'w' THEN pg_catalog.has_any_column_privilege(role.oid, called.polrelid, 'UPDATE')
                                  WHEN 'd' THEN pg_catalog.has_table_privilege(role.oid, called.polrelid, 'DELETE')
                                  ELSE pg_catalog.has_any_column_privilege(role.oid, called.polrelid, 'SELECT, INSERT, UPDATE')
                                    OR pg_catalog.has_table_privilege(role.oid, called.polrelid, 'DELETE') END) AS denied
  FROM called
