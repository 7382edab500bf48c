-- Who has locked a relation so that it cannot be read, or waits to: whoever comes after waits too.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS relation, COALESCE(l.pid, 0) AS pid,
       COALESCE(NULLIF(a.application_name, ''), 'no name') AS application, COALESCE(a.usename, '?') AS role,
       COALESCE(a.query, '') AS query
  FROM pg_catalog.pg_locks AS l
  JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
 WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND c.oid >= 16384
   AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())
   AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
   AND n.nspname NOT LIKE 'pg\_temp\_%' AND n.nspname NOT LIKE 'pg\_toast%'
 ORDER BY c.relkind NOT IN ('r', 'p', 'm'), 1, 2
 LIMIT 3
