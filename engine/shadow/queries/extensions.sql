-- Extensions of this database, and the members of each that other objects use.
SELECT e.extname, pg_catalog.quote_ident(e.extname) AS quoted, e.extversion,
       COALESCE((SELECT pg_catalog.string_agg(u.object, ', ' ORDER BY u.object)
          FROM (SELECT DISTINCT pg_catalog.pg_describe_object(m.classid, m.objid, 0) AS object
                  FROM pg_catalog.pg_depend AS m
                  JOIN pg_catalog.pg_depend AS d ON d.refclassid = m.classid AND d.refobjid = m.objid
                 WHERE m.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND m.refobjid = e.oid AND m.deptype = 'e'
                   AND d.deptype IN ('n', 'a')
                   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS own
                                    WHERE own.classid = d.classid AND own.objid = d.objid AND own.deptype = 'e')) AS u), '') AS used
  FROM pg_catalog.pg_extension AS e
 ORDER BY e.extname
