-- Policies beyond their text: `tree` is the condition as the server keeps it, by OIDs, so a rename leaves it as it is. $1 the journal's schema.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS relation, o.polname AS policy, o.oid,
       pg_catalog.md5(pg_catalog.concat_ws('|', o.polqual::text, o.polwithcheck::text)) AS tree,
       EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                WHERE d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND d.objid = o.oid
                  AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = o.polrelid AND d.refobjsubid > 0) AS names_column
  FROM pg_catalog.pg_policy AS o
  JOIN pg_catalog.pg_class AS c ON c.oid = o.polrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname NOT IN ('engine_trace', $1::text)
