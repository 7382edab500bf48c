-- What a strong lock or CONCURRENTLY would wait for on the target now: the oldest transaction of another session, as far as
-- this role may see it, and prepared ones.
SELECT COALESCE(EXTRACT(epoch FROM pg_catalog.clock_timestamp() - o.xact_start)::bigint, 0) AS oldest_s,
       COALESCE(pg_catalog.concat_ws(', ', NULLIF(o.application_name, ''), o.usename, o.state), '') AS oldest,
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_prepared_xacts AS p WHERE p.database = pg_catalog.current_database())
         AS prepared
  FROM (VALUES (1)) AS one (row)
  LEFT JOIN LATERAL (
    SELECT a.xact_start, a.application_name, a.usename, a.state
      FROM pg_catalog.pg_stat_activity AS a
     WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid()
       AND a.backend_type = 'client backend' AND a.xact_start IS NOT NULL
     ORDER BY a.xact_start LIMIT 1) AS o ON true
