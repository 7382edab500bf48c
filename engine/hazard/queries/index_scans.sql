-- How often each index of the target was used since its statistics began.
SELECT pg_catalog.format('%I.%I', s.schemaname, s.indexrelname) AS name, s.idx_scan AS scans
  FROM pg_catalog.pg_stat_user_indexes AS s
