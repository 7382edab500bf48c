-- What the target knows of its relations: sizes, rows as ANALYZE last saw them, scans by the server's statistics. An index
-- counts with its table.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name, c.reltuples::bigint AS rows,
       pg_catalog.pg_total_relation_size(c.oid) AS bytes,
       COALESCE(s.seq_scan, 0) + COALESCE(s.idx_scan, 0) + COALESCE(s.n_tup_ins, 0) + COALESCE(s.n_tup_upd, 0)
         + COALESCE(s.n_tup_del, 0) AS uses
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_stat_user_tables AS s ON s.relid = c.oid
 WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
