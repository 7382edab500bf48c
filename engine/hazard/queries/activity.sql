-- How busy the target's tables are, by the server's statistics, and for how long those were gathered at least: scans begun and rows
-- written, so at most as many statements. Partitions count with what they are partitions of, too.
WITH RECURSIVE part AS (
  SELECT c.oid AS of_table, c.oid, c.relkind FROM pg_catalog.pg_class AS c WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384
  UNION ALL
  SELECT part.of_table, i.inhrelid, c.relkind
    FROM part
    JOIN pg_catalog.pg_inherits AS i ON i.inhparent = part.oid AND part.relkind = 'p'
    JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
),
active AS (
  SELECT part.of_table,
         pg_catalog.sum(COALESCE(s.seq_scan, 0) + COALESCE(s.idx_scan, 0))::bigint AS reads,
         pg_catalog.sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del)::bigint AS writes,
         pg_catalog.sum(pg_catalog.pg_relation_size(s.relid))::bigint AS heap_bytes
    FROM part
    JOIN pg_catalog.pg_stat_user_tables AS s ON s.relid = part.oid
   GROUP BY part.of_table
)
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name, a.reads, a.writes, a.heap_bytes,
       GREATEST(1, EXTRACT(epoch FROM pg_catalog.now() - COALESCE(d.stats_reset, pg_catalog.pg_postmaster_start_time())))::bigint
         AS seconds
  FROM active AS a
  JOIN pg_catalog.pg_class AS c ON c.oid = a.of_table
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_stat_database AS d ON d.datname = pg_catalog.current_database()
