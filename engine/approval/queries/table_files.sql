-- The tables that are there, and the files that they have. $1 the journal's schema.
SELECT c.oid, c.relfilenode AS file
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'm') AND c.oid >= 16384 AND c.relpersistence <> 't'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'engine_trace', $1::text) AND n.nspname NOT LIKE $1 || '\_%'
