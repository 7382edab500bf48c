-- What stands in this database that is no extension's: phrases.
WITH own AS (
  SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace AS n
   WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg\_temp\_%'
     AND n.nspname NOT LIKE 'pg\_toast\_temp\_%'
),
found AS (
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass AS class, c.oid FROM pg_catalog.pg_class AS c JOIN own ON own.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')
  UNION ALL SELECT 'pg_catalog.pg_proc', p.oid FROM pg_catalog.pg_proc AS p JOIN own ON own.oid = p.pronamespace
  UNION ALL SELECT 'pg_catalog.pg_type', t.oid FROM pg_catalog.pg_type AS t JOIN own ON own.oid = t.typnamespace WHERE t.typtype IN ('e', 'd', 'r')
  UNION ALL SELECT 'pg_catalog.pg_namespace', own.oid FROM own WHERE own.nspname <> 'public'
  UNION ALL SELECT 'pg_catalog.pg_publication', p.oid FROM pg_catalog.pg_publication AS p
  UNION ALL SELECT 'pg_catalog.pg_event_trigger', t.oid FROM pg_catalog.pg_event_trigger AS t
)
SELECT pg_catalog.pg_describe_object(f.class, f.oid, 0) AS object
  FROM found AS f
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = f.class AND d.objid = f.oid AND d.deptype = 'e')
 LIMIT 4
