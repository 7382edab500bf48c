-- What the session of $1 holds on relations that others see, as they see them: asked by another session, one that was
-- dropped or renamed in the open transaction has its old name, and one that was made in it is not there. $2 the journal's
-- schema. Reads are left out, and what follows from a lock on the table.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS relation, l.mode, c.oid, c.relfilenode AS file
  FROM pg_catalog.pg_locks AS l
  JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE l.pid = $1 AND l.locktype = 'relation' AND l.granted AND c.oid >= 16384
   AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
   AND l.mode NOT IN ('AccessShareLock', 'RowShareLock')
   AND NOT (l.mode = 'RowExclusiveLock' AND c.relkind IN ('i', 'I', 'S'))
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'engine_trace', $2::text)
   AND n.nspname NOT LIKE $2 || '\_%' AND n.nspname NOT LIKE 'pg\_temp\_%' AND n.nspname NOT LIKE 'pg\_toast\_temp\_%'
