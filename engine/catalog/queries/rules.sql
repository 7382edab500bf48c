SELECT r.ev_class AS relation, r.rulename AS name, pg_catalog.pg_get_ruledef(r.oid) AS definition,
       r.ev_enabled AS enabled, pg_catalog.obj_description(r.oid, 'pg_rewrite') AS comment
FROM pg_catalog.pg_rewrite r
WHERE r.ev_class IN (SELECT pg_catalog.unnest(pg_catalog.current_setting('engine.relations')::oid[])) AND r.rulename <> '_RETURN'
ORDER BY r.ev_class, r.rulename
