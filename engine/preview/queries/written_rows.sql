-- Asked in the session that works: what its open transaction did to each table so far, triggers and cascades counted.
-- $1 the journal's schema.
SELECT pg_catalog.pg_backend_pid() AS pid,
       pg_catalog.quote_ident(s.schemaname) || '.' || pg_catalog.quote_ident(s.relname) AS relation,
       s.n_tup_ins AS inserted, s.n_tup_upd AS updated, s.n_tup_del AS deleted
  FROM (SELECT) AS always
  LEFT JOIN pg_catalog.pg_stat_xact_user_tables AS s
    ON s.schemaname <> $1 AND s.schemaname NOT LIKE $1 || '\_%' AND s.n_tup_ins + s.n_tup_upd + s.n_tup_del > 0
