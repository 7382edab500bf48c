-- Memberships of single tables; ALL TABLES and TABLES IN SCHEMA are properties of the publication.
SELECT r.prrelid AS relation, p.pubname AS name, pg_catalog.pg_get_expr(r.prqual, r.prrelid) AS filter,
       (SELECT pg_catalog.json_agg(a.attname ORDER BY u.position)
        FROM pg_catalog.unnest(r.prattrs::int2[]) WITH ORDINALITY AS u (attnum, position)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = r.prrelid AND a.attnum = u.attnum) AS columns
FROM pg_catalog.pg_publication_rel r
JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
WHERE r.prrelid IN (SELECT pg_catalog.unnest(pg_catalog.current_setting('engine.relations')::oid[]))
ORDER BY r.prrelid, p.pubname
