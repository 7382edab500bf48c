-- The first schema or relation that pg_dump would lock or read, and that this role may not.
SELECT r.name
  FROM (SELECT pg_catalog.format('schema %I', n.nspname) AS name
          FROM pg_catalog.pg_namespace AS n
         WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
           AND NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE')
           AND EXISTS (SELECT FROM pg_catalog.pg_class AS c WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'S'))
        UNION ALL
        SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
          FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
         WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'S')
           AND NOT pg_catalog.has_table_privilege(c.oid, 'SELECT')) AS r
 ORDER BY 1 LIMIT 1
