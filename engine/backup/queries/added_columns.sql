-- What every row that stood had in a column when it came: ADD COLUMN … DEFAULT keeps it in attmissingval until the table is
-- rewritten. Afterwards a plain constant in the default is the best guess.
SELECT a.attname AS name, a.atthasmissing AS known, (a.attmissingval::text::text[])[1] AS value,
       CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END AS expression,
       a.attgenerated <> '' AS generated
  FROM pg_catalog.pg_attribute a
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped
