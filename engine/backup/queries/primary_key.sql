-- The primary key, with strategy 3 (equal) of each column's own operator class.
SELECT a.attname AS "column", pg_catalog.format('OPERATOR(%I.%s)', n.nspname, o.oprname) AS op
  FROM pg_catalog.pg_index i
 CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(i.indkey::int2[]), pg_catalog.unnest(i.indclass::oid[]))
            WITH ORDINALITY AS k(number, class, place)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
  JOIN pg_catalog.pg_opclass c ON c.oid = k.class
  JOIN pg_catalog.pg_amop x ON x.amopfamily = c.opcfamily AND x.amoplefttype = c.opcintype
                           AND x.amoprighttype = c.opcintype AND x.amopstrategy = 3
  JOIN pg_catalog.pg_operator o ON o.oid = x.amopopr
  JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
 WHERE i.indrelid = $1 AND i.indisprimary AND i.indisvalid AND k.place <= i.indnkeyatts
 ORDER BY k.place
