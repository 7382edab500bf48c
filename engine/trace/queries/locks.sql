-- $1 the session that works: what it holds, what it waits for, and the phase of a command that tells one. Unjoined: a
-- relation that it has dropped has no row in pg_class any more.
SELECT CASE WHEN l.granted THEN 'holds' ELSE 'waits' END AS what, COALESCE(l.relation, 0)::bigint AS relation, l.mode
  FROM pg_catalog.pg_locks AS l
 WHERE l.pid = $1
   AND (NOT l.granted
        OR l.locktype = 'relation' AND l.relation >= 16384
           AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
UNION ALL
SELECT 'phase', 0, p.phase FROM pg_catalog.pg_stat_progress_create_index AS p WHERE p.pid = $1
UNION ALL
SELECT 'phase', 0, p.phase FROM pg_catalog.pg_stat_progress_cluster AS p WHERE p.pid = $1
