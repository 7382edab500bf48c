-- Sequences, how far they have come (no value: not begun), and the column that takes its numbers from each. $1 the journal's schema.
SELECT pg_catalog.format('%I.%I', s.schemaname, s.sequencename) AS name, COALESCE(s.last_value::text, '') AS value,
       s.start_value::text AS start,
       EXISTS (SELECT FROM pg_catalog.pg_index AS i
                WHERE i.indrelid = t.oid AND i.indisunique AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum
                  AND i.indpred IS NULL) AS is_unique,
       CASE WHEN t.oid IS NULL THEN '' ELSE pg_catalog.format('%I.%I', tn.nspname, t.relname) END AS of_table, COALESCE(a.attname, '') AS of_column
  FROM pg_catalog.pg_sequences AS s
  JOIN pg_catalog.pg_namespace AS n ON n.nspname = s.schemaname
  JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = s.sequencename
  LEFT JOIN pg_catalog.pg_depend AS d
         ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
        AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')
  LEFT JOIN pg_catalog.pg_class AS t ON t.oid = d.refobjid AND d.refobjsubid > 0
  LEFT JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
  LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
 WHERE s.schemaname <> $1 AND s.schemaname NOT LIKE $1 || '\_%' AND s.schemaname NOT LIKE 'pg\_temp\_%'
   AND s.increment_by > 0 AND NOT s.cycle
