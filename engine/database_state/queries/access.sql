-- Effective access: each role that is no superuser and does not own it, each object outside extensions, each privilege, memberships
-- followed, schemas without USAGE left out. `extent`: which rows, or as whom. `policies` (of it) and `columns` (where not all) are lines.
-- $1 the journal's schema.
WITH RECURSIVE role AS (
  SELECT r.oid, pg_catalog.quote_ident(r.rolname) AS name, r.rolbypassrls
    FROM pg_catalog.pg_roles AS r
   WHERE NOT r.rolsuper AND r.rolname NOT LIKE 'pg\_%'
),
own AS (
  SELECT n.oid, n.nspname, n.nspowner
    FROM pg_catalog.pg_namespace AS n
   WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'engine_trace', $1::text)
     AND n.nspname NOT LIKE $1 || '\_%' AND n.nspname NOT LIKE 'pg\_temp\_%' AND n.nspname NOT LIKE 'pg\_toast\_temp\_%'
),
reaches AS (
  SELECT role.oid AS role, own.oid AS schema
    FROM role CROSS JOIN own
   WHERE pg_catalog.has_schema_privilege(role.oid, own.oid, 'USAGE')
),
asked AS MATERIALIZED (
  SELECT role.name AS role, role.rolbypassrls, role.oid AS role_oid, c.oid, c.relkind, c.relowner, c.relrowsecurity, c.relforcerowsecurity,
         c.reloptions, p.privilege, own.nspname, c.relname,
         pg_catalog.has_table_privilege(role.oid, c.oid, p.privilege) AS on_all_columns
    FROM pg_catalog.pg_class AS c
    JOIN own ON own.oid = c.relnamespace
    JOIN reaches ON reaches.schema = own.oid
    JOIN role ON role.oid = reaches.role
   CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS p (privilege)
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND role.oid <> c.relowner AND (c.relkind <> 'm' OR p.privilege = 'SELECT')
),
-- Where a table's privilege is not held, one on columns takes an ACL of theirs, which few have: that is much cheaper to find out.
by_column AS (
  SELECT DISTINCT a.attrelid FROM pg_catalog.pg_attribute AS a WHERE a.attacl IS NOT NULL AND a.attnum > 0 AND NOT a.attisdropped
),
relation AS MATERIALIZED (
  SELECT asked.* FROM asked
    LEFT JOIN by_column ON by_column.attrelid = asked.oid
   WHERE CASE WHEN asked.on_all_columns THEN true
              WHEN by_column.attrelid IS NULL OR asked.privilege NOT IN ('SELECT', 'INSERT', 'UPDATE') THEN false
              ELSE pg_catalog.has_any_column_privilege(asked.role_oid, asked.oid, asked.privilege) END
),
routine AS MATERIALIZED (
  SELECT f.oid, f.pronamespace, f.proowner, f.prosecdef,
         CASE f.prokind WHEN 'p' THEN 'procedure ' ELSE 'function ' END
           || pg_catalog.format('%I.%I(%s)', own.nspname, f.proname, pg_catalog.oidvectortypes(f.proargtypes)) AS object
    FROM pg_catalog.pg_proc AS f
    JOIN own ON own.oid = f.pronamespace
   WHERE f.prokind <> 'a'
     AND f.prorettype NOT IN ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype)
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                      WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = f.oid AND d.deptype = 'e')
),
policy AS (
  SELECT relation.role_oid, relation.oid, relation.privilege, pg_catalog.bool_or(o.polpermissive) AS permits,
         pg_catalog.string_agg(o.polname, E'\n' ORDER BY o.polname) AS names
    FROM relation
    JOIN pg_catalog.pg_policy AS o ON o.polrelid = relation.oid
   WHERE relation.relrowsecurity AND (o.polcmd = '*' OR o.polcmd = CASE relation.privilege WHEN 'SELECT' THEN 'r' WHEN 'INSERT' THEN 'a'
                                                               WHEN 'UPDATE' THEN 'w' WHEN 'DELETE' THEN 'd' END)
     AND (o.polroles = '{0}' OR EXISTS (SELECT FROM pg_catalog.unnest(o.polroles) AS of_role(oid)
                                         WHERE pg_catalog.pg_has_role(relation.role_oid, of_role.oid, 'USAGE')))
   GROUP BY relation.role_oid, relation.oid, relation.privilege
),
-- What a view with security_invoker asks of its reader: columns (0: any) of what it reads, and of what such views below it do.
invoker AS (
  SELECT c.oid FROM pg_catalog.pg_class AS c CROSS JOIN LATERAL pg_catalog.pg_options_to_table(c.reloptions) AS o
   WHERE c.relkind = 'v' AND o.option_name = 'security_invoker' AND o.option_value::boolean
),
reads AS (
  SELECT r.ev_class AS view, d.refobjid AS below, d.refobjsubid AS attnum
    FROM pg_catalog.pg_rewrite AS r
    JOIN pg_catalog.pg_depend AS d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = r.oid
                                  AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid <> r.ev_class
    JOIN pg_catalog.pg_class AS c ON c.oid = d.refobjid AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
   WHERE r.ev_type = '1' AND r.ev_class IN (SELECT invoker.oid FROM invoker)
),
below AS (
  SELECT reads.view, reads.below, reads.attnum FROM reads
   UNION
  SELECT below.view, reads.below, reads.attnum FROM below JOIN reads ON reads.view = below.below
),
barred AS (
  SELECT relation.oid, relation.role_oid, pg_catalog.min(below.below::pg_catalog.regclass::text) AS by_name
    FROM relation JOIN below ON below.view = relation.oid
   WHERE relation.privilege = 'SELECT'
     AND CASE WHEN below.attnum > 0 THEN NOT pg_catalog.has_column_privilege(relation.role_oid, below.below, below.attnum::smallint, 'SELECT')
              ELSE NOT pg_catalog.has_any_column_privilege(relation.role_oid, below.below, 'SELECT') END
   GROUP BY relation.oid, relation.role_oid
)
SELECT relation.role,
       CASE relation.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                             ELSE 'foreign table' END || pg_catalog.format(' %I.%I', relation.nspname, relation.relname) AS object,
       relation.privilege,
       CASE WHEN relation.relkind = 'v' THEN
              CASE WHEN relation.oid NOT IN (SELECT invoker.oid FROM invoker) THEN 'as its owner'
                   WHEN relation.privilege = 'SELECT' AND barred.by_name IS NOT NULL THEN 'as the caller, who may not read ' || barred.by_name
                   ELSE 'as the caller' END
            WHEN relation.relkind NOT IN ('r', 'p') OR NOT relation.relrowsecurity THEN 'every row'
            WHEN relation.rolbypassrls OR relation.privilege = 'TRUNCATE' THEN 'every row, past row security'
            WHEN pg_catalog.pg_has_role(relation.role_oid, relation.relowner, 'USAGE') AND NOT relation.relforcerowsecurity
              THEN 'every row, as its owner'
            WHEN policy.permits THEN 'rows by policy'
            ELSE 'no row' END AS extent,
       COALESCE(policy.names, '') AS policies,
       CASE WHEN NOT relation.on_all_columns THEN
         (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), E'\n' ORDER BY a.attnum) FROM pg_catalog.pg_attribute AS a
           WHERE a.attrelid = relation.oid AND a.attnum > 0 AND NOT a.attisdropped
             AND pg_catalog.has_column_privilege(relation.role_oid, relation.oid, a.attnum, relation.privilege)) END AS columns
  FROM relation
  LEFT JOIN policy ON policy.role_oid = relation.role_oid AND policy.oid = relation.oid AND policy.privilege = relation.privilege
  LEFT JOIN barred ON barred.oid = relation.oid AND barred.role_oid = relation.role_oid
UNION ALL
SELECT role.name, f.object, 'EXECUTE', CASE WHEN f.prosecdef THEN 'as its owner' ELSE 'as the caller' END, '', ''
  FROM routine AS f
  JOIN reaches ON reaches.schema = f.pronamespace
  JOIN role ON role.oid = reaches.role
 WHERE role.oid <> f.proowner AND pg_catalog.has_function_privilege(role.oid, f.oid, 'EXECUTE')
UNION ALL
SELECT role.name, pg_catalog.format('sequence %I.%I', own.nspname, c.relname), p.privilege, 'allowed', '', ''
  FROM pg_catalog.pg_class AS c
  JOIN own ON own.oid = c.relnamespace
  JOIN reaches ON reaches.schema = own.oid
  JOIN role ON role.oid = reaches.role
 CROSS JOIN (VALUES ('USAGE'), ('SELECT'), ('UPDATE')) AS p (privilege)
 WHERE c.relkind = 'S' AND role.oid <> c.relowner AND pg_catalog.has_sequence_privilege(role.oid, c.oid, p.privilege)
UNION ALL
SELECT role.name, pg_catalog.format('schema %I', own.nspname), p.privilege, 'allowed', '', ''
  FROM own CROSS JOIN role CROSS JOIN (VALUES ('USAGE'), ('CREATE')) AS p (privilege)
 WHERE role.oid <> own.nspowner AND pg_catalog.has_schema_privilege(role.oid, own.oid, p.privilege)
