-- What a picture of the catalog has besides relations and the inventory's facts, as (object, part, value). $1: the
-- engine's own schema, which is left out with those named after it. Access is told by grantee, so that neither the order
-- of grants nor a default that was written out makes a difference. OIDs are nowhere in it, and no option of a user mapping
-- or a subscription, where passwords are. query_to_xml reads what not every version has.
WITH own AS (
  SELECT n.oid, n.nspname FROM pg_namespace n
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp_)'
    AND n.nspname <> $1::text AND NOT starts_with(n.nspname::text, $1 || '_')
), routine AS (
  SELECT p.*, CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' WHEN 'w' THEN 'window' ELSE 'function' END
              || ' ' || o.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')' AS object
  FROM pg_proc p JOIN own o ON o.oid = p.pronamespace
), type AS (
  SELECT t.*, CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite' WHEN 'r' THEN 'range'
                             ELSE 'base type' END || ' ' || o.nspname || '.' || t.typname AS object
  FROM pg_type t JOIN own o ON o.oid = t.typnamespace
  WHERE t.typcategory <> 'A' AND t.typtype <> 'm'
    AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
), acl (object, kind, owner, given) AS (
  SELECT 'schema ' || n.nspname, 'n', n.nspowner, n.nspacl FROM pg_namespace n
  WHERE n.nspname IN ('pg_catalog', 'information_schema') OR n.oid IN (SELECT oid FROM own)
  UNION ALL SELECT r.object, 'f', r.proowner, r.proacl FROM routine r
  UNION ALL SELECT t.object, 'T', t.typowner, t.typacl FROM type t
  UNION ALL SELECT 'language ' || l.lanname, 'l', l.lanowner, l.lanacl FROM pg_language l
  UNION ALL SELECT 'foreign-data wrapper ' || w.fdwname, 'F', w.fdwowner, w.fdwacl FROM pg_foreign_data_wrapper w
  UNION ALL SELECT 'server ' || s.srvname, 'S', s.srvowner, s.srvacl FROM pg_foreign_server s
  UNION ALL SELECT 'tablespace ' || t.spcname, 't', t.spcowner, t.spcacl FROM pg_tablespace t
  UNION ALL SELECT 'database this', 'd', d.datdba, d.datacl FROM pg_database d WHERE d.datname = current_database()
), granted AS (
  SELECT a.object, g.grantee, string_agg(g.privilege_type || CASE WHEN g.is_grantable THEN '*' ELSE '' END || '/'
                                         || pg_get_userbyid(g.grantor), ', ' ORDER BY g.privilege_type, g.grantor) AS privileges
  FROM acl a, aclexplode(coalesce(a.given, acldefault(a.kind::"char", a.owner))) g
  GROUP BY a.object, g.grantee
  UNION ALL
  SELECT 'default privileges of ' || pg_get_userbyid(d.defaclrole) || coalesce(' in ' || n.nspname, '') || ' on '
         || CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
                                 WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'large objects' END,
         g.grantee, string_agg(g.privilege_type || CASE WHEN g.is_grantable THEN '*' ELSE '' END, ', ' ORDER BY g.privilege_type)
  FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl) g
  WHERE d.defaclnamespace = 0 OR d.defaclnamespace IN (SELECT oid FROM own)
  GROUP BY d.oid, d.defaclrole, n.nspname, d.defaclobjtype, g.grantee
)
SELECT object, 'privileges of ' || CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END AS part,
       privileges AS value
FROM granted
UNION ALL
-- A default that nobody has a privilege by is one as well.
SELECT 'default privileges of ' || pg_get_userbyid(d.defaclrole) || coalesce(' in ' || n.nspname, '') || ' on '
       || CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
                               WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'large objects' END, 'kind', 'given'
FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
WHERE d.defaclnamespace = 0 OR d.defaclnamespace IN (SELECT oid FROM own)
UNION ALL
-- Of what is built in, access alone can change; how it was at first is kept by initdb.
SELECT b.object, 'privileges of ' || CASE b.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(b.grantee) END, b.privileges
FROM (SELECT 'built-in function ' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')' AS object, g.grantee,
             string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type) AS privileges
      FROM pg_proc p LEFT JOIN pg_init_privs i ON i.classoid = 'pg_proc'::regclass AND i.objoid = p.oid AND i.objsubid = 0,
           aclexplode(p.proacl) g
      WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proacl IS DISTINCT FROM i.initprivs AND g.grantee <> p.proowner
      GROUP BY p.oid, p.proname, g.grantee
      UNION ALL
      SELECT 'built-in relation ' || c.relname, g.grantee, string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type)
      FROM pg_class c LEFT JOIN pg_init_privs i ON i.classoid = 'pg_class'::regclass AND i.objoid = c.oid AND i.objsubid = 0,
           aclexplode(c.relacl) g
      WHERE c.relnamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) AND c.relkind IN ('r', 'v')
        AND c.relacl IS DISTINCT FROM i.initprivs AND g.grantee <> c.relowner
      GROUP BY c.oid, c.relname, g.grantee) b
UNION ALL
-- Where nobody but the owner may any longer, no grant is left to tell.
SELECT 'built-in function ' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')', 'kind', 'changed'
FROM pg_proc p LEFT JOIN pg_init_privs i ON i.classoid = 'pg_proc'::regclass AND i.objoid = p.oid AND i.objsubid = 0
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proacl IS DISTINCT FROM i.initprivs
UNION ALL
SELECT r.object, facts.key, facts.value
FROM routine r JOIN pg_language l ON l.oid = r.prolang, LATERAL jsonb_each_text(jsonb_build_object(
       'arguments', CASE WHEN r.prokind <> 'a' THEN pg_get_function_arguments(r.oid) END, 'language', l.lanname,
       'body', pg_get_function_sqlbody(r.oid), 'parallel', r.proparallel, 'leakproof', r.proleakproof, 'cost', r.procost,
       'rows', r.prorows, 'support', nullif(r.prosupport, 0)::text, 'library', r.probin)) AS facts
UNION ALL
SELECT r.object, 'definition', (to_jsonb(a) - '{aggfnoid,aggtranstype,aggmtranstype,aggsortop}'::text[])::text
       || format_type(a.aggtranstype, NULL) || format_type(a.aggmtranstype, NULL)
FROM routine r JOIN pg_aggregate a ON a.aggfnoid = r.oid
UNION ALL
SELECT t.object, 'constraint ' || k.conname, concat(pg_get_constraintdef(k.oid), k.convalidated, obj_description(k.oid, 'pg_constraint'))
FROM type t JOIN pg_constraint k ON k.contypid = t.oid
UNION ALL
SELECT t.object, 'collations', string_agg(quote_ident(a.attname) || ' ' || a.attcollation::regcollation, ', ' ORDER BY a.attnum)
FROM type t JOIN pg_attribute a ON a.attrelid = t.typrelid AND a.attcollation <> 0 AND NOT a.attisdropped
GROUP BY t.object
UNION ALL
SELECT t.object, 'functions', concat_ws(' ', t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout,
                                        t.typanalyze, t.typlen, t.typbyval, t.typalign, t.typstorage, t.typcategory,
                                        t.typispreferred, t.typdelim, t.typcollation::regcollation, g.rngcanonical,
                                        g.rngsubdiff, g.rngcollation::regcollation)
FROM type t LEFT JOIN pg_range g ON g.rngtypid = t.oid WHERE t.typtype IN ('b', 'r')
UNION ALL
SELECT 'role ' || g.rolname, 'member ' || m.rolname,
       string_agg((to_jsonb(a) - '{oid,roleid,member,grantor}'::text[])::text || '/' || pg_get_userbyid(a.grantor), ', '
                  ORDER BY pg_get_userbyid(a.grantor))
FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
GROUP BY g.rolname, m.rolname
UNION ALL
-- The inventory's are those that people made.
SELECT 'role ' || r.rolname, 'kind', 'built in' FROM pg_roles r WHERE r.rolname ~ '^pg_'
UNION ALL
SELECT 'role ' || r.rolname, 'settings in this database', s.setconfig::text
FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole JOIN pg_database d ON d.oid = s.setdatabase
WHERE d.datname = current_database()
UNION ALL
SELECT 'role ' || r.rolname, 'valid until', r.rolvaliduntil::text FROM pg_roles r WHERE r.rolvaliduntil IS NOT NULL
UNION ALL
SELECT 'foreign table ' || o.nspname || '.' || c.relname, 'options of column ' || quote_ident(a.attname), a.attfdwoptions::text
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN own o ON o.oid = c.relnamespace
WHERE a.attfdwoptions IS NOT NULL AND NOT a.attisdropped
UNION ALL
SELECT 'user mapping of ' || u.usename || ' on ' || u.srvname, 'kind', 'given' FROM pg_user_mappings u
UNION ALL
SELECT 'publication ' || p.pubname, 'options', (to_jsonb(p) - '{oid,pubname,pubowner}'::text[])::text FROM pg_publication p
UNION ALL
SELECT 'subscription ' || s.subname, 'definition',
       concat_ws(' ', pg_get_userbyid(s.subowner), s.subenabled, s.subslotname, s.subsynccommit, s.subpublications)
FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()
UNION ALL
SELECT 'event trigger ' || e.evtname, 'fires', e.evtenabled::text FROM pg_event_trigger e
UNION ALL
SELECT 'cast ' || format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL), 'method', c.castmethod::text
FROM pg_cast c WHERE c.oid >= 16384
UNION ALL
SELECT 'collation ' || o.nspname || '.' || c.collname, 'definition',
       (to_jsonb(c) - '{oid,collname,collnamespace,collowner,collversion}'::text[])::text
FROM pg_collation c JOIN own o ON o.oid = c.collnamespace
UNION ALL
SELECT 'operator ' || n.nspname || '.' || p.oprname || '(' || CASE p.oprleft WHEN 0 THEN '' ELSE format_type(p.oprleft, NULL) || ', ' END
       || format_type(p.oprright, NULL) || ')', 'definition',
       concat_ws(' ', p.oprcom::regoperator, p.oprnegate::regoperator, p.oprrest, p.oprjoin, p.oprcanhash, p.oprcanmerge)
FROM pg_operator p JOIN own n ON n.oid = p.oprnamespace
UNION ALL
SELECT 'operator family ' || o.nspname || '.' || f.opfname || ' using ' || am.amname, 'members', concat(pg_get_userbyid(f.opfowner),
       (SELECT string_agg(concat_ws(' ', m.amopstrategy, m.amopopr::regoperator, m.amoppurpose), ', '
                          ORDER BY m.amopstrategy, m.amopopr::regoperator::text)
        FROM pg_amop m WHERE m.amopfamily = f.oid),
       (SELECT string_agg(concat_ws(' ', m.amprocnum, m.amproc::regprocedure), ', ' ORDER BY m.amprocnum, m.amproc::regprocedure::text)
        FROM pg_amproc m WHERE m.amprocfamily = f.oid))
FROM pg_opfamily f JOIN own o ON o.oid = f.opfnamespace JOIN pg_am am ON am.oid = f.opfmethod
UNION ALL
SELECT 'access method ' || a.amname, 'definition', concat_ws(' ', a.amtype, a.amhandler) FROM pg_am a WHERE a.oid >= 16384
UNION ALL
SELECT 'conversion ' || o.nspname || '.' || c.conname, 'definition',
       concat_ws(' ', pg_get_userbyid(c.conowner), c.conforencoding, c.contoencoding, c.conproc, c.condefault)
FROM pg_conversion c JOIN own o ON o.oid = c.connamespace
UNION ALL
SELECT 'text search configuration ' || o.nspname || '.' || c.cfgname, 'definition', concat(pg_get_userbyid(c.cfgowner),
       (SELECT p.prsname FROM pg_ts_parser p WHERE p.oid = c.cfgparser),
       (SELECT string_agg(concat_ws(' ', m.maptokentype, m.mapseqno, m.mapdict::regdictionary), ', ' ORDER BY m.maptokentype, m.mapseqno)
        FROM pg_ts_config_map m WHERE m.mapcfg = c.oid))
FROM pg_ts_config c JOIN own o ON o.oid = c.cfgnamespace
UNION ALL
SELECT 'text search dictionary ' || o.nspname || '.' || d.dictname, 'definition',
       concat_ws(' ', pg_get_userbyid(d.dictowner), t.tmplname, d.dictinitoption)
FROM pg_ts_dict d JOIN own o ON o.oid = d.dictnamespace JOIN pg_ts_template t ON t.oid = d.dicttemplate
UNION ALL
SELECT 'text search parser ' || o.nspname || '.' || p.prsname, 'definition',
       concat_ws(' ', p.prsstart, p.prstoken, p.prsend, p.prsheadline, p.prslextype)
FROM pg_ts_parser p JOIN own o ON o.oid = p.prsnamespace
UNION ALL
SELECT 'text search template ' || o.nspname || '.' || t.tmplname, 'definition', concat_ws(' ', t.tmplinit, t.tmpllexize)
FROM pg_ts_template t JOIN own o ON o.oid = t.tmplnamespace
UNION ALL
SELECT 'transform of ' || format_type(t.trftype, NULL) || ' in ' || l.lanname, 'definition', concat_ws(' ', t.trffromsql, t.trftosql)
FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang
UNION ALL
SELECT l.objtype || ' ' || l.objname, 'security label of ' || l.provider, l.label FROM pg_seclabels l
UNION ALL
SELECT 'configuration parameters', 'privileges', given
FROM (SELECT query_to_xml('SELECT parname, paracl FROM pg_catalog.pg_parameter_acl ORDER BY 1', true, true, '')::text AS given
      WHERE current_setting('server_version_num')::int >= 150000) AS parameters
WHERE given <> ''
