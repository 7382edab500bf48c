-- Of the relations and, foreign keys only, to them. What PostgreSQL made for the partitions of a referenced
-- table is no constraint of anybody's own: it comes back with its parent. Constraint triggers are triggers.
SELECT k.conrelid AS relation, k.confrelid AS referenced_relation, k.conname AS name, k.contype AS type,
       pg_catalog.pg_get_constraintdef(k.oid) AS definition,
       (SELECT pg_catalog.json_agg(a.attname ORDER BY u.position)
        FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u (attnum, position)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum) AS columns,
       k.convalidated AS validated, k.conislocal AS local, k.condeferrable AS deferrable,
       k.condeferred AS deferred,
       CASE WHEN k.contype IN ('p', 'u', 'x') THEN i.relname END AS index,
       tn.nspname AS table_schema, t.relname AS table_name,
       rn.nspname AS references_schema, r.relname AS references_name,
       (SELECT pg_catalog.json_agg(a.attname ORDER BY u.position)
        FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS u (attnum, position)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.attnum) AS referenced_columns,
       CASE k.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE'
                          WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END AS on_delete,
       CASE k.confupdtype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE'
                          WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END AS on_update,
       pg_catalog.obj_description(k.oid, 'pg_constraint') AS comment,
       k.conparentid <> 0 AS of_parent
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class t ON t.oid = k.conrelid
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_catalog.pg_class i ON i.oid = k.conindid
LEFT JOIN pg_catalog.pg_class r ON r.oid = k.confrelid
LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
LEFT JOIN pg_catalog.pg_constraint parent ON parent.oid = k.conparentid
WHERE (k.conrelid IN (SELECT pg_catalog.unnest(pg_catalog.current_setting('engine.relations')::oid[]))
       OR k.contype = 'f' AND k.confrelid IN (SELECT pg_catalog.unnest(pg_catalog.current_setting('engine.relations')::oid[])))
  AND k.contype <> 't'
  AND parent.conrelid IS DISTINCT FROM k.conrelid
ORDER BY tn.nspname, t.relname, k.conname
