-- Functions and procedures by their OID, with what they do. $1 the journal's schema, whose own and those of extensions are left out.
SELECT f.oid, CASE f.prokind WHEN 'p' THEN 'procedure ' ELSE 'function ' END
         || pg_catalog.format('%I.%I(%s)', n.nspname, f.proname, pg_catalog.oidvectortypes(f.proargtypes)) AS object,
       f.proname AS name, COALESCE(pg_catalog.pg_get_function_sqlbody(f.oid), f.prosrc) AS body, f.prosqlbody IS NULL AS is_text,
       f.prorettype IN ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype) AS is_trigger
  FROM pg_catalog.pg_proc AS f
  JOIN pg_catalog.pg_namespace AS n ON n.oid = f.pronamespace
 WHERE f.prokind <> 'a'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'engine_trace', $1::text) AND n.nspname NOT LIKE 'pg\_temp\_%'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                    WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = f.oid AND d.deptype = 'e')
