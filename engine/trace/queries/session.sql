-- Asked in the session that works: which transaction it is in, how far WAL has come, its timeouts, and what was done to each table
-- since its database was made, triggers and cascades counted. A session keeps its counts for up to a second before it adds them to
-- the server's: from 15 on both together are what was done; 14 adds them later still, so there they are what the session has kept.
SELECT pg_catalog.now()::text AS transaction, (pg_catalog.pg_current_wal_insert_lsn() - '0/0')::text AS wal,
       (1000 * EXTRACT(epoch FROM pg_catalog.current_setting('lock_timeout')::pg_catalog.interval))::bigint AS lock_timeout,
       (1000 * EXTRACT(epoch FROM pg_catalog.current_setting('statement_timeout')::pg_catalog.interval))::bigint
         AS statement_timeout,
       pg_catalog.to_json(pg_catalog.current_setting('engine.schemas')::name[])::text AS search_path,
       COALESCE((SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                 'oid', c.oid::pg_catalog.int8, 'relation', pg_catalog.format('%I.%I', n.nspname, c.relname),
                 'inserted', s.inserted, 'updated', s.updated, 'deleted', s.deleted, 'scans', s.scans, 'scanned', s.scanned,
                 'index_scans', i.scans))
          FROM pg_catalog.pg_class AS c
          JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
         CROSS JOIN (SELECT pg_catalog.current_setting('server_version_num')::integer >= 150000) AS server (adds_up)
         CROSS JOIN LATERAL (
               SELECT pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid)
                      + CASE WHEN adds_up THEN pg_catalog.pg_stat_get_tuples_inserted(c.oid) ELSE 0 END AS inserted,
                      pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)
                      + CASE WHEN adds_up THEN pg_catalog.pg_stat_get_tuples_updated(c.oid) ELSE 0 END AS updated,
                      pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)
                      + CASE WHEN adds_up THEN pg_catalog.pg_stat_get_tuples_deleted(c.oid) ELSE 0 END AS deleted,
                      pg_catalog.pg_stat_get_xact_numscans(c.oid)
                      + CASE WHEN adds_up THEN pg_catalog.pg_stat_get_numscans(c.oid) ELSE 0 END AS scans,
                      pg_catalog.pg_stat_get_xact_tuples_returned(c.oid)
                      + CASE WHEN adds_up THEN pg_catalog.pg_stat_get_tuples_returned(c.oid) ELSE 0 END AS scanned) AS s
         CROSS JOIN LATERAL (
               SELECT COALESCE(pg_catalog.sum(pg_catalog.pg_stat_get_xact_numscans(x.indexrelid)
                      + CASE WHEN adds_up THEN pg_catalog.pg_stat_get_numscans(x.indexrelid) ELSE 0 END), 0) AS scans
                 FROM pg_catalog.pg_index AS x
                WHERE x.indrelid = c.oid) AS i
         WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', $1)
           AND s.inserted + s.updated + s.deleted + s.scans + i.scans > 0), '[]')::text AS tables
