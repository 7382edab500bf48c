-- What is there besides relations, as text to compare. $1 the journal's schema, whose objects and those of extensions
-- are left out. OIDs are nowhere in it.
WITH own AS (
  SELECT n.oid, n.nspname, n.nspowner, n.nspacl
    FROM pg_catalog.pg_namespace AS n
   WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'engine_trace', $1::text)
     AND n.nspname NOT LIKE $1 || '\_%' AND n.nspname NOT LIKE 'pg\_temp\_%' AND n.nspname NOT LIKE 'pg\_toast\_temp\_%'
)
SELECT 'schema ' || pg_catalog.quote_ident(o.nspname) AS object,
       'owner ' || pg_catalog.pg_get_userbyid(o.nspowner) || COALESCE(' ' || o.nspacl::text, '') AS definition
  FROM own AS o
UNION ALL
SELECT CASE p.prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' ELSE 'function ' END
         || pg_catalog.format('%I.%I(%s)', o.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes)),
       CASE WHEN p.prokind = 'a' THEN 'returns ' || pg_catalog.pg_get_function_result(p.oid)
            ELSE pg_catalog.pg_get_functiondef(p.oid) END
         || E'\nowner ' || pg_catalog.pg_get_userbyid(p.proowner) || COALESCE(' ' || p.proacl::text, '')
  FROM pg_catalog.pg_proc AS p
  JOIN own AS o ON o.oid = p.pronamespace
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                    WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT 'type ' || pg_catalog.format('%I.%I', o.nspname, t.typname),
       CASE t.typtype
         WHEN 'e' THEN 'enum (' || COALESCE((SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', '
                                                                          ORDER BY e.enumsortorder)
                                               FROM pg_catalog.pg_enum AS e WHERE e.enumtypid = t.oid), '') || ')'
         WHEN 'd' THEN 'domain over ' || pg_catalog.format_type(t.typbasetype, t.typtypmod)
           || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END || COALESCE(' DEFAULT ' || t.typdefault, '')
           || COALESCE((SELECT ' ' || pg_catalog.string_agg(pg_catalog.pg_get_constraintdef(c.oid), ' ' ORDER BY c.conname)
                          FROM pg_catalog.pg_constraint AS c WHERE c.contypid = t.oid), '')
         WHEN 'r' THEN 'range'
         ELSE 'composite' END
         || E'\nowner ' || pg_catalog.pg_get_userbyid(t.typowner) || COALESCE(' ' || t.typacl::text, '')
  FROM pg_catalog.pg_type AS t
  JOIN own AS o ON o.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
 WHERE (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                    WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid AND d.deptype = 'e')
UNION ALL
SELECT 'extension ' || pg_catalog.quote_ident(e.extname), e.extversion FROM pg_catalog.pg_extension AS e
UNION ALL
SELECT 'publication ' || pg_catalog.quote_ident(p.pubname),
       pg_catalog.concat_ws(' ', CASE WHEN p.puballtables THEN 'all tables' END, CASE WHEN p.pubinsert THEN 'insert' END,
                            CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END,
                            CASE WHEN p.pubtruncate THEN 'truncate' END)
  FROM pg_catalog.pg_publication AS p
UNION ALL
SELECT 'event trigger ' || pg_catalog.quote_ident(e.evtname), e.evtevent || ' ' || e.evtfoid::pg_catalog.regprocedure::text
  FROM pg_catalog.pg_event_trigger AS e WHERE e.evtname NOT LIKE 'engine\_trace\_%'
UNION ALL
SELECT 'default privileges of ' || pg_catalog.pg_get_userbyid(a.defaclrole)
         || COALESCE(' in ' || pg_catalog.quote_ident(n.nspname), '') || ' on '
         || CASE a.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
                                 WHEN 'T' THEN 'types' ELSE 'schemas' END,
       a.defaclacl::text
  FROM pg_catalog.pg_default_acl AS a
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = a.defaclnamespace
UNION ALL
SELECT 'role ' || pg_catalog.quote_ident(r.rolname),
       pg_catalog.concat_ws(' ', CASE WHEN r.rolsuper THEN 'superuser' END, CASE WHEN r.rolcreaterole THEN 'createrole' END,
                            CASE WHEN r.rolcreatedb THEN 'createdb' END, CASE WHEN r.rolbypassrls THEN 'bypassrls' END,
                            CASE WHEN r.rolcanlogin THEN 'login' END, r.rolconfig::text)
  FROM pg_catalog.pg_roles AS r WHERE r.rolname NOT LIKE 'pg\_%'
