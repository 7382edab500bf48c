-- What other sessions see, and could therefore wait for. $1 the journal's schema.
SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name, c.relkind AS kind,
       COALESCE((SELECT pg_catalog.format('%I.%I', tn.nspname, t.relname)
                   FROM pg_catalog.pg_index AS i
                   JOIN pg_catalog.pg_class AS t ON t.oid = i.indrelid
                   JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
                  WHERE i.indexrelid = c.oid), '') AS of_table
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'i', 'I', 'S', 'f')
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'engine_trace', $1::text)
   AND n.nspname NOT LIKE $1 || '\_%' AND n.nspname NOT LIKE 'pg\_temp\_%' AND n.nspname NOT LIKE 'pg\_toast\_temp\_%'
