-- Row filters and column lists came with 15.
SELECT r.prrelid AS relation, p.pubname AS name, NULL AS filter, NULL AS columns
FROM pg_catalog.pg_publication_rel r
JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
WHERE r.prrelid IN (SELECT pg_catalog.unnest(pg_catalog.current_setting('engine.relations')::oid[]))
ORDER BY r.prrelid, p.pubname
