-- Sequences, how far they have come (no value: not begun), and the columns that take their numbers from each: its owner, and
-- those whose default asks it. $1 the journal's schema. is_key: the column takes part in one.
WITH used AS (
  SELECT d.objid AS sequence, d.refobjid AS relation, d.refobjsubid AS number, true AS owner
    FROM pg_catalog.pg_depend AS d
   WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
     AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
  UNION ALL
  SELECT d.refobjid, f.adrelid, f.adnum, false
    FROM pg_catalog.pg_depend AS d
    JOIN pg_catalog.pg_attrdef AS f ON f.oid = d.objid
   WHERE d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
)
SELECT pg_catalog.format('%I.%I', s.schemaname, s.sequencename) AS name, COALESCE(s.last_value::text, '') AS value,
       s.start_value::text AS start,
       EXISTS (SELECT FROM pg_catalog.pg_index AS i
                WHERE i.indrelid = t.oid AND i.indisunique AND i.indpred IS NULL
                  AND a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1])) AS is_key,
       CASE WHEN t.oid IS NULL THEN '' ELSE pg_catalog.format('%I.%I', tn.nspname, t.relname) END AS of_table, COALESCE(a.attname, '') AS of_column,
       COALESCE(u.owner, false) AS is_owner
  FROM pg_catalog.pg_sequences AS s
  JOIN pg_catalog.pg_namespace AS n ON n.nspname = s.schemaname
  JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = s.sequencename
  LEFT JOIN (SELECT sequence, relation, number, pg_catalog.bool_or(owner) AS owner FROM used GROUP BY 1, 2, 3) AS u ON u.sequence = c.oid
  LEFT JOIN pg_catalog.pg_class AS t ON t.oid = u.relation AND t.relkind IN ('r', 'p')
  LEFT JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
  LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = u.number
 WHERE s.schemaname <> $1 AND s.schemaname NOT LIKE $1 || '\_%' AND s.schemaname NOT LIKE 'pg\_temp\_%'
   AND s.increment_by > 0 AND NOT s.cycle
 ORDER BY name, of_table, of_column
