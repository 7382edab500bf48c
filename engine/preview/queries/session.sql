-- Asked in the session that works: which transaction it is in, how far WAL has come, its timeouts, and what the transaction did to
-- each table so far, by its own statistics. Triggers and cascades count.
SELECT pg_catalog.now()::text AS transaction, (pg_catalog.pg_current_wal_insert_lsn() - '0/0')::text AS wal,
       (1000 * EXTRACT(epoch FROM pg_catalog.current_setting('lock_timeout')::pg_catalog.interval))::bigint AS lock_timeout,
       (1000 * EXTRACT(epoch FROM pg_catalog.current_setting('statement_timeout')::pg_catalog.interval))::bigint
         AS statement_timeout,
       COALESCE((SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                 'relation', pg_catalog.format('%I.%I', s.schemaname, s.relname),
                 'inserted', s.n_tup_ins, 'updated', s.n_tup_upd, 'deleted', s.n_tup_del, 'scans', s.seq_scan,
                 'scanned', s.seq_tup_read))
          FROM pg_catalog.pg_stat_xact_user_tables AS s
         WHERE s.schemaname <> $1
           AND s.n_tup_ins + s.n_tup_upd + s.n_tup_del + s.seq_scan > 0), '[]')::text AS tables
