-- Types of columns with modifiers that belong to types of extensions $1, and the same without: text takes none.
SELECT DISTINCT pg_catalog.format_type(a.atttypid, a.atttypmod) AS with_modifier,
       pg_catalog.format_type(a.atttypid, NULL) AS without
  FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
  JOIN pg_catalog.pg_depend AS d
    ON d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.deptype = 'e'
       AND d.objid = CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE t.oid END
  JOIN pg_catalog.pg_extension AS e ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.refobjid = e.oid
 WHERE a.atttypmod >= 0 AND e.extname = ANY ($1::text[])
