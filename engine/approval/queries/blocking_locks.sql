-- What the session of $1 has locked, or waits to lock, so that nobody else can write there: whoever comes after a waiting one
-- waits too. $2 the journal's schema. The end of a table that VACUUM cuts off is locked only where nobody minds.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS relation, l.mode
  FROM pg_catalog.pg_locks AS l
  JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE l.pid = $1 AND l.locktype = 'relation' AND c.oid >= 16384 AND c.relkind IN ('r', 'p', 'm', 'f')
   AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
   AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_vacuum AS v WHERE v.pid = l.pid AND v.relid = l.relation)
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'engine_trace', $2::text)
   AND n.nspname NOT LIKE $2 || '\_%' AND n.nspname NOT LIKE 'pg\_temp\_%' AND n.nspname NOT LIKE 'pg\_toast\_temp\_%'
