-- What is there besides relations, as text to compare. $1 the journal's schema, whose objects and those of extensions
-- are left out. OIDs are nowhere in it.
WITH own AS (
  SELECT n.oid, n.nspname, n.nspowner, n.nspacl
    FROM pg_catalog.pg_namespace AS n
   WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'engine_trace', $1::text)
     AND n.nspname NOT LIKE $1 || '\_%' AND n.nspname NOT LIKE 'pg\_temp\_%' AND n.nspname NOT LIKE 'pg\_toast\_temp\_%'
)
SELECT 'schema ' || pg_catalog.quote_ident(o.nspname) AS object,
       'owner ' || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(o.nspowner)) || ' '
         || COALESCE((SELECT pg_catalog.array_agg(x::text ORDER BY x::text)
                       FROM pg_catalog.unnest(COALESCE(o.nspacl, pg_catalog.acldefault('n', o.nspowner))) AS x)::text, '{}') AS definition
  FROM own AS o
UNION ALL
SELECT CASE p.prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' ELSE 'function ' END
         || pg_catalog.format('%I.%I(%s)', o.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes)),
       CASE WHEN p.prokind = 'a' THEN 'returns ' || pg_catalog.pg_get_function_result(p.oid)
            ELSE pg_catalog.pg_get_functiondef(p.oid) END
         || E'\nowner ' || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(p.proowner)) || ' '
         || COALESCE((SELECT pg_catalog.array_agg(x::text ORDER BY x::text)
                       FROM pg_catalog.unnest(COALESCE(p.proacl, pg_catalog.acldefault('f', p.proowner))) AS x)::text, '{}')
  FROM pg_catalog.pg_proc AS p
  JOIN own AS o ON o.oid = p.pronamespace
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                    WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e')
UNION ALL
SELECT 'extension ' || pg_catalog.quote_ident(e.extname),
       pg_catalog.format('CREATE EXTENSION %I WITH SCHEMA %I VERSION %L', e.extname, n.nspname, e.extversion)
  FROM pg_catalog.pg_extension AS e JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
UNION ALL
SELECT 'publication ' || pg_catalog.quote_ident(p.pubname),
       pg_catalog.format('CREATE PUBLICATION %I%s WITH (publish = %L%s)', p.pubname, CASE WHEN p.puballtables THEN ' FOR ALL TABLES' ELSE '' END,
                         pg_catalog.concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                                              CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END),
                         CASE WHEN p.pubviaroot THEN ', publish_via_partition_root = true' ELSE '' END)
  FROM pg_catalog.pg_publication AS p
UNION ALL
SELECT 'event trigger ' || pg_catalog.quote_ident(e.evtname),
       pg_catalog.format(E'CREATE EVENT TRIGGER %I ON %s%s\n  EXECUTE FUNCTION %s()%s', e.evtname, e.evtevent,
                         E'\n  WHEN TAG IN (' || (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(tag), ', ')
                                                    FROM pg_catalog.unnest(e.evttags) AS tag) || ')',
                         e.evtfoid::pg_catalog.regproc::text,
                         CASE e.evtenabled WHEN 'D' THEN pg_catalog.format(E';\nALTER EVENT TRIGGER %I DISABLE', e.evtname)
                                           WHEN 'R' THEN pg_catalog.format(E';\nALTER EVENT TRIGGER %I ENABLE REPLICA', e.evtname)
                                           WHEN 'A' THEN pg_catalog.format(E';\nALTER EVENT TRIGGER %I ENABLE ALWAYS', e.evtname)
                                           ELSE '' END)
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
       pg_catalog.concat_ws(' ', 'CREATE ROLE ' || pg_catalog.quote_ident(r.rolname), CASE WHEN r.rolsuper THEN 'SUPERUSER' END,
                            CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END, CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
                            CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END, CASE WHEN r.rolcanlogin THEN 'LOGIN' END,
                            CASE WHEN NOT r.rolinherit THEN 'NOINHERIT' END,
                            'IN ROLE ' || (SELECT pg_catalog.string_agg(DISTINCT pg_catalog.quote_ident(g.rolname), ', ')
                                             FROM pg_catalog.pg_auth_members AS m JOIN pg_catalog.pg_roles AS g ON g.oid = m.roleid
                                            WHERE m.member = r.oid))
         || COALESCE((SELECT pg_catalog.string_agg(pg_catalog.format(E';\nALTER ROLE %I SET %s', r.rolname, setting), ''
                                                   ORDER BY setting) FROM pg_catalog.unnest(r.rolconfig) AS setting), '')
  FROM pg_catalog.pg_roles AS r WHERE r.rolname NOT LIKE 'pg\_%'
