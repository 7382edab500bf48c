-- Every object that people make, one row each, in one shape: facts are what differs from kind to kind. Built-in
-- objects count where a plan may ask for them (types, languages, roles), and never in what a schema has "exactly".
-- parent: the table of a rule, the parent of a partition. extension: whose member it is.
WITH member AS (
  SELECT d.classid, d.objid, e.extname
  FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
  WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
), object (class, oid, kind, schema, name, signature, parent, owner, facts) AS (
  SELECT 'pg_namespace'::regclass, n.oid, 'schema', '', n.nspname::text, NULL, NULL, n.nspowner,
         jsonb_build_object('access', n.nspacl::text)
  FROM pg_namespace n
  WHERE n.nspname !~ '^pg_(toast|temp_)'
  UNION ALL
  SELECT 'pg_extension'::regclass, e.oid, 'extension', '', e.extname, NULL, NULL, e.extowner,
         jsonb_build_object('version', e.extversion, 'schema', n.nspname, 'relocatable', e.extrelocatable)
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
  UNION ALL
  SELECT 'pg_language'::regclass, l.oid, 'language', '', l.lanname, NULL, NULL, l.lanowner,
         jsonb_build_object('trusted', l.lanpltrusted)
  FROM pg_language l
  UNION ALL
  SELECT 'pg_tablespace'::regclass, t.oid, 'tablespace', '', t.spcname, NULL, NULL, t.spcowner,
         jsonb_build_object('location', pg_tablespace_location(t.oid), 'options', t.spcoptions)
  FROM pg_tablespace t
  UNION ALL
  SELECT 'pg_roles'::regclass, r.oid, 'role', '', r.rolname, NULL, NULL, NULL,
         jsonb_build_object('superuser', r.rolsuper, 'login', r.rolcanlogin, 'inherit', r.rolinherit,
                            'create_role', r.rolcreaterole, 'create_database', r.rolcreatedb,
                            'replication', r.rolreplication, 'bypass_row_security', r.rolbypassrls,
                            'connection_limit', r.rolconnlimit, 'settings', r.rolconfig,
                            'members', (SELECT jsonb_agg(DISTINCT m.rolname ORDER BY m.rolname)
                                        FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member
                                        WHERE a.roleid = r.oid),
                            'member_of', (SELECT jsonb_agg(DISTINCT g.rolname)
                                          FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid
                                          WHERE a.member = r.oid))
  FROM pg_roles r
  UNION ALL
  SELECT 'pg_database'::regclass, d.oid, 'database', '', d.datname, NULL, NULL, d.datdba,
         jsonb_build_object('encoding', pg_encoding_to_char(d.encoding), 'collation', d.datcollate,
                            'connection_limit', d.datconnlimit,
                            'settings', (SELECT to_jsonb(s.setconfig) FROM pg_db_role_setting s
                                         WHERE s.setdatabase = d.oid AND s.setrole = 0))
  FROM pg_database d WHERE d.datname = current_database()
  UNION ALL
  SELECT 'pg_type'::regclass, t.oid,
         CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite'
                        WHEN 'r' THEN 'range' WHEN 'm' THEN 'multirange' ELSE 'base type' END,
         n.nspname, t.typname, NULL, NULL, t.typowner,
         CASE t.typtype
           WHEN 'e' THEN jsonb_build_object('labels',
             (SELECT jsonb_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
           WHEN 'd' THEN jsonb_build_object('type', format_type(t.typbasetype, t.typtypmod), 'null', NOT t.typnotnull,
             'default', t.typdefault, 'collation', nullif(t.typcollation, 0)::regcollation::text,
             'checks', (SELECT jsonb_agg(pg_get_expr(k.conbin, 0) ORDER BY k.conname) FROM pg_constraint k
                        WHERE k.contypid = t.oid AND k.contype = 'c'),
             'valid', NOT EXISTS (SELECT FROM pg_constraint k WHERE k.contypid = t.oid AND NOT k.convalidated))
           WHEN 'c' THEN jsonb_build_object('attributes',
             (SELECT jsonb_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum)
              FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
           WHEN 'r' THEN jsonb_build_object('subtype',
             (SELECT format_type(g.rngsubtype, NULL) FROM pg_range g WHERE g.rngtypid = t.oid))
           ELSE '{}' END
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typcategory <> 'A' AND n.nspname !~ '^pg_(toast|temp_)'
    AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
  UNION ALL
  SELECT 'pg_class'::regclass, c.oid,
         CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'matview' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table'
                        WHEN 'i' THEN 'index' WHEN 'I' THEN 'index'
                        ELSE CASE WHEN c.relispartition THEN 'partition' ELSE 'table' END END,
         n.nspname, c.relname, NULL, pn.nspname || '.' || p.relname, c.relowner,
         CASE c.relkind
           WHEN 'S' THEN (SELECT jsonb_build_object('type', format_type(s.seqtypid, NULL), 'start', s.seqstart,
             'increment', s.seqincrement, 'minimum', s.seqmin, 'maximum', s.seqmax, 'cache', s.seqcache,
             'cycle', s.seqcycle, 'owned_by',
             (SELECT min(quote_ident(tn.nspname) || '.' || quote_ident(t.relname) || '.' || quote_ident(a.attname))
              FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
              JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
              WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
                AND d.deptype IN ('a', 'i')))
             FROM pg_sequence s WHERE s.seqrelid = c.oid)
           WHEN 'f' THEN (SELECT jsonb_build_object('server', w.srvname, 'options', f.ftoptions)
                          FROM pg_foreign_table f JOIN pg_foreign_server w ON w.oid = f.ftserver WHERE f.ftrelid = c.oid)
           ELSE '{}' END
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
  LEFT JOIN pg_class p ON p.oid = i.inhparent LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'i', 'I')
    AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp_)'
  UNION ALL
  SELECT 'pg_proc'::regclass, p.oid,
         CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' WHEN 'w' THEN 'window' ELSE 'function' END,
         n.nspname, p.proname, p.proname || '(' || oidvectortypes(p.proargtypes) || ')', NULL, p.proowner,
         jsonb_build_object('source', md5(p.prosrc), 'returns', pg_get_function_result(p.oid), 'settings', p.proconfig,
                            'definer', p.prosecdef, 'volatility', p.provolatile, 'strict', p.proisstrict,
                            'access', p.proacl::text)
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
  UNION ALL
  SELECT 'pg_operator'::regclass, o.oid, 'operator', n.nspname, o.oprname,
         CASE WHEN o.oprleft = 0 THEN o.oprname || '(' || format_type(o.oprright, NULL) || ')'
              ELSE o.oprname || '(' || format_type(o.oprleft, NULL) || ', ' || format_type(o.oprright, NULL) || ')' END,
         NULL, o.oprowner,
         jsonb_build_object('returns', format_type(o.oprresult, NULL), 'routine', o.oprcode::regproc::text)
  FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE n.nspname <> 'pg_catalog'
  UNION ALL
  SELECT 'pg_opclass'::regclass, c.oid, 'operator class', n.nspname, c.opcname, NULL, NULL, c.opcowner,
         jsonb_build_object('method', am.amname, 'type', format_type(c.opcintype, NULL), 'default', c.opcdefault)
  FROM pg_opclass c JOIN pg_namespace n ON n.oid = c.opcnamespace JOIN pg_am am ON am.oid = c.opcmethod
  WHERE n.nspname <> 'pg_catalog'
  UNION ALL
  SELECT 'pg_cast'::regclass, c.oid, 'cast', '', format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL),
         NULL, NULL, NULL,
         jsonb_build_object('context', CASE c.castcontext WHEN 'i' THEN 'implicit' WHEN 'a' THEN 'assignment'
                                                          ELSE 'explicit' END,
                            'routine', nullif(c.castfunc, 0)::regprocedure::text)
  FROM pg_cast c
  UNION ALL
  SELECT 'pg_collation'::regclass, c.oid, 'collation', n.nspname, c.collname, NULL, NULL, c.collowner,
         jsonb_build_object('provider', CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'c' THEN 'libc' ELSE 'builtin' END,
                            'deterministic', c.collisdeterministic)
  FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE n.nspname <> 'pg_catalog'
  UNION ALL
  SELECT 'pg_foreign_data_wrapper'::regclass, w.oid, 'foreign-data wrapper', '', w.fdwname, NULL, NULL, w.fdwowner,
         jsonb_build_object('options', w.fdwoptions)
  FROM pg_foreign_data_wrapper w
  UNION ALL
  SELECT 'pg_foreign_server'::regclass, s.oid, 'server', '', s.srvname, NULL, NULL, s.srvowner,
         jsonb_build_object('wrapper', w.fdwname, 'type', s.srvtype, 'version', s.srvversion, 'options', s.srvoptions)
  FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
  UNION ALL
  SELECT 'pg_publication'::regclass, p.oid, 'publication', '', p.pubname, NULL, NULL, p.pubowner,
         jsonb_build_object('all_tables', p.puballtables, 'insert', p.pubinsert, 'update', p.pubupdate,
                            'delete', p.pubdelete, 'truncate', p.pubtruncate, 'via_root', p.pubviaroot,
                            'tables', (SELECT jsonb_agg(quote_ident(t.schemaname) || '.' || quote_ident(t.tablename)
                                                        ORDER BY t.schemaname, t.tablename)
                                       FROM pg_publication_tables t WHERE t.pubname = p.pubname))
  FROM pg_publication p
  UNION ALL
  SELECT 'pg_event_trigger'::regclass, e.oid, 'event trigger', '', e.evtname, NULL, NULL, e.evtowner,
         jsonb_build_object('event', e.evtevent, 'routine', e.evtfoid::regproc::text, 'tags', e.evttags,
                            'enabled', e.evtenabled <> 'D')
  FROM pg_event_trigger e
  UNION ALL
  SELECT 'pg_rewrite'::regclass, r.oid, 'rule', n.nspname, r.rulename, NULL,
         n.nspname || '.' || c.relname, c.relowner,
         jsonb_build_object('event', CASE r.ev_type WHEN '1' THEN 'SELECT' WHEN '2' THEN 'UPDATE' WHEN '3' THEN 'INSERT'
                                                    ELSE 'DELETE' END,
                            'instead', r.is_instead, 'enabled', r.ev_enabled <> 'D',
                            'definition', pg_get_ruledef(r.oid))
  FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE r.rulename <> '_RETURN' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  UNION ALL
  SELECT 'pg_default_acl'::regclass, d.oid, 'default privileges', coalesce(n.nspname, ''),
         pg_get_userbyid(d.defaclrole) || ' on ' ||
         CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
                              WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'large objects' END ||
         ' to ' || CASE a.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(a.grantee) END,
         NULL, NULL, NULL,
         jsonb_build_object('privileges', jsonb_agg(a.privilege_type ORDER BY a.privilege_type))
  FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl) a
  GROUP BY d.oid, n.nspname, d.defaclrole, d.defaclobjtype, a.grantee
)
SELECT o.oid, o.kind, o.schema, o.name, coalesce(o.signature, '') AS signature, coalesce(o.parent, '') AS parent,
       coalesce(pg_get_userbyid(o.owner)::text, '') AS owner, coalesce(m.extname, '') AS extension,
       o.oid < 16384 AND NOT o.kind = ANY ('{database,extension}') AND (o.kind <> 'role' OR o.name ~ '^pg_')
         AND (o.kind <> 'schema' OR o.name ~ '^pg_' OR o.name = 'information_schema') AS builtin,
       coalesce(CASE WHEN o.kind IN ('role', 'database', 'tablespace')
                     THEN shobj_description(o.oid, CASE o.kind WHEN 'role' THEN 'pg_authid'
                                                               ELSE 'pg_' || o.kind END)
                     ELSE obj_description(o.oid, o.class::text) END, '') AS comment,
       o.facts
FROM object o LEFT JOIN member m ON m.classid = o.class AND m.objid = o.oid
-- What came with a type (the constructors of a range) is no object of anybody's own.
WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.class AND d.objid = o.oid AND d.deptype = 'i'
                  AND o.kind IN ('function', 'cast', 'multirange'))
ORDER BY o.kind, o.schema, o.name
