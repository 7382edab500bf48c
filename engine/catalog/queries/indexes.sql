SELECT x.indrelid AS relation, n.nspname AS schema, c.relname AS name,
       pg_catalog.pg_get_indexdef(x.indexrelid) AS definition, am.amname AS method,
       (SELECT pg_catalog.json_agg(pg_catalog.pg_get_indexdef(x.indexrelid, k, false) ORDER BY k)
        FROM pg_catalog.generate_series(1, x.indnkeyatts::int) k) AS columns,
       (SELECT pg_catalog.json_agg(CASE x.indoption[k - 1] & 3 WHEN 1 THEN 'DESC NULLS LAST' WHEN 2 THEN 'NULLS FIRST'
                                                              WHEN 3 THEN 'DESC' ELSE '' END ORDER BY k)
        FROM pg_catalog.generate_series(1, x.indnkeyatts::int) k) AS orders,
       (SELECT pg_catalog.json_agg(pg_catalog.pg_get_indexdef(x.indexrelid, k, false) ORDER BY k)
        FROM pg_catalog.generate_series(x.indnkeyatts + 1, x.indnatts::int) k) AS included,
       pg_catalog.pg_get_expr(x.indpred, x.indrelid) AS predicate,
       x.indisunique AS "unique", x.indisprimary AS "primary", x.indisvalid AS valid, x.indisready AS ready,
       x.indisclustered AS clustered, x.indisreplident AS replica_identity,
       (SELECT k.conname FROM pg_catalog.pg_constraint k
        WHERE k.conindid = x.indexrelid AND k.conrelid = x.indrelid AND k.contype IN ('p', 'u', 'x')) AS "constraint",
       (SELECT pg_catalog.json_agg(coalesce(a.attstattarget, -1) ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a WHERE a.attrelid = x.indexrelid) AS statistics_targets,
       pg_catalog.to_json(c.reloptions) AS options, ts.spcname AS tablespace,
       pg_catalog.obj_description(x.indexrelid, 'pg_class') AS comment
FROM pg_catalog.pg_index x
JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_am am ON am.oid = c.relam
LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace
WHERE x.indrelid IN (SELECT pg_catalog.unnest(pg_catalog.current_setting('engine.relations')::oid[]))
ORDER BY x.indrelid, c.relname
