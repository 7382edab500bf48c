-- Asked in the session that works: what its open transaction did to each table so far, triggers and cascades counted, and to the
-- catalog, where statistics are nobody's change.
-- $1 the journal's schema.
SELECT pg_catalog.pg_backend_pid() AS pid,
       (pg_catalog.current_setting('track_counts') = 'on')::text AS counts,
       (SELECT COALESCE(pg_catalog.sum(y.n_tup_ins + y.n_tup_upd + y.n_tup_del), 0)
          FROM pg_catalog.pg_stat_xact_sys_tables AS y
         WHERE y.schemaname = 'pg_catalog' AND y.relname NOT IN ('pg_statistic', 'pg_statistic_ext_data'))::text AS catalog,
       pg_catalog.quote_ident(s.schemaname) || '.' || pg_catalog.quote_ident(s.relname) AS relation,
       s.n_tup_ins AS inserted, s.n_tup_upd AS updated, s.n_tup_del AS deleted
  FROM (SELECT) AS always
  LEFT JOIN pg_catalog.pg_stat_xact_user_tables AS s
    ON s.schemaname <> $1 AND s.schemaname NOT LIKE $1 || '\_%' AND s.n_tup_ins + s.n_tup_upd + s.n_tup_del > 0
