-- $1 the session that works. Unjoined: a relation that it has dropped has no row in pg_class any more.
SELECT l.relation, l.mode, l.granted
  FROM pg_catalog.pg_locks AS l
 WHERE l.pid = $1 AND l.locktype = 'relation' AND l.relation >= 16384
   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
