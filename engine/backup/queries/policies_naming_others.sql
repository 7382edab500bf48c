SELECT DISTINCT y.polname AS name
  FROM pg_catalog.pg_policy y
  JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND d.objid = y.oid
   AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid <> y.polrelid
 WHERE y.polrelid = $1
 ORDER BY y.polname
