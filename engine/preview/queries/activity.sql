-- How busy the target's tables are, by the server's statistics, and for how long those were gathered.
SELECT pg_catalog.format('%I.%I', s.schemaname, s.relname) AS name,
       COALESCE(s.seq_scan, 0) + COALESCE(s.idx_scan, 0) AS reads, s.n_tup_ins + s.n_tup_upd + s.n_tup_del AS writes,
       pg_catalog.pg_relation_size(s.relid) AS heap_bytes,
       GREATEST(1, EXTRACT(epoch FROM pg_catalog.now() - COALESCE(d.stats_reset, pg_catalog.pg_postmaster_start_time())))::bigint
         AS seconds
  FROM pg_catalog.pg_stat_user_tables AS s
  JOIN pg_catalog.pg_stat_database AS d ON d.datname = pg_catalog.current_database()
