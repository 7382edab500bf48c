-- The copies that partitions have of their parent's triggers are internal before 15, as those of keys always are.
-- tgtype: bit 0 each row, 1 BEFORE, 2 INSERT, 3 DELETE, 4 UPDATE, 5 TRUNCATE, 6 INSTEAD OF.
SELECT g.tgrelid AS relation, g.tgname AS name, pg_catalog.pg_get_triggerdef(g.oid) AS definition,
       fn.nspname AS function_schema, f.proname AS function_name,
       CASE WHEN g.tgtype::int & 2 <> 0 THEN 'BEFORE' WHEN g.tgtype::int & 64 <> 0 THEN 'INSTEAD OF'
            ELSE 'AFTER' END AS timing,
       (SELECT pg_catalog.json_agg(e.event ORDER BY e.bit)
        FROM (VALUES (4, 'INSERT'), (16, 'UPDATE'), (8, 'DELETE'), (32, 'TRUNCATE')) AS e (bit, event)
        WHERE g.tgtype::int & e.bit <> 0) AS events,
       g.tgtype::int & 1 <> 0 AS for_each_row, g.tgenabled AS enabled, g.tgparentid <> 0 AS of_parent,
       pg_catalog.obj_description(g.oid, 'pg_trigger') AS comment
FROM pg_catalog.pg_trigger g
JOIN pg_catalog.pg_proc f ON f.oid = g.tgfoid
JOIN pg_catalog.pg_namespace fn ON fn.oid = f.pronamespace
WHERE g.tgrelid IN (SELECT pg_catalog.unnest(pg_catalog.current_setting('engine.relations')::oid[]))
  AND (NOT g.tgisinternal OR g.tgparentid <> 0 AND f.proname NOT LIKE 'RI\_FKey\_%')
ORDER BY g.tgrelid, g.tgname
