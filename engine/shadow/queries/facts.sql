-- What the target knows of its relations: sizes, rows as ANALYZE last saw them, scans by the server's statistics. An index
-- counts with its table, and partitions with what they are partitions of.
WITH RECURSIVE part AS (
  SELECT c.oid AS of_table, c.oid, c.relkind FROM pg_catalog.pg_class AS c WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384
  UNION ALL
  SELECT part.of_table, i.inhrelid, c.relkind
    FROM part
    JOIN pg_catalog.pg_inherits AS i ON i.inhparent = part.oid AND part.relkind = 'p'
    JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
),
size AS (
  SELECT part.of_table, pg_catalog.sum(pg_catalog.pg_total_relation_size(c.oid)) AS bytes,
         COALESCE(pg_catalog.sum(c.reltuples) FILTER (WHERE c.reltuples >= 0), -1) AS rows,
         pg_catalog.sum(COALESCE(s.seq_scan, 0) + COALESCE(s.idx_scan, 0) + COALESCE(s.n_tup_ins, 0) + COALESCE(s.n_tup_upd, 0)
                        + COALESCE(s.n_tup_del, 0)) AS uses
    FROM part
    JOIN pg_catalog.pg_class AS c ON c.oid = part.oid AND c.relkind <> 'p'
    LEFT JOIN pg_catalog.pg_stat_user_tables AS s ON s.relid = c.oid
   GROUP BY part.of_table
)
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name, COALESCE(size.rows, 0)::bigint AS rows,
       COALESCE(size.bytes, 0)::bigint AS bytes, COALESCE(size.uses, 0)::bigint AS uses
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN size ON size.of_table = c.oid
 WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
