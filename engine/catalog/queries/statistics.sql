SELECT s.stxrelid AS relation, n.nspname AS schema, s.stxname AS name,
       pg_catalog.pg_get_statisticsobjdef(s.oid) AS definition, coalesce(s.stxstattarget, -1) AS target,
       pg_catalog.pg_get_userbyid(s.stxowner) AS owner,
       pg_catalog.obj_description(s.oid, 'pg_statistic_ext') AS comment
FROM pg_catalog.pg_statistic_ext s
JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
WHERE s.stxrelid IN (SELECT pg_catalog.unnest(pg_catalog.current_setting('engine.relations')::oid[]))
ORDER BY s.stxrelid, n.nspname, s.stxname
