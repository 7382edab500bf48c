-- What the catalog printer does not make, by kind; only kinds of which there is any.
SELECT kind, number FROM (
  SELECT 'aggregates' AS kind, pg_catalog.count(*) AS number FROM pg_catalog.pg_proc AS p WHERE p.prokind = 'a' AND p.oid >= 16384
  UNION ALL SELECT 'operators', pg_catalog.count(*) FROM pg_catalog.pg_operator AS o WHERE o.oid >= 16384
  UNION ALL SELECT 'operator classes', pg_catalog.count(*) FROM pg_catalog.pg_opclass AS o WHERE o.oid >= 16384
  UNION ALL SELECT 'base types', pg_catalog.count(*) FROM pg_catalog.pg_type AS t WHERE t.typtype = 'b' AND t.typcategory <> 'A' AND t.oid >= 16384
  UNION ALL SELECT 'casts', pg_catalog.count(*) FROM pg_catalog.pg_cast AS c WHERE c.oid >= 16384
  UNION ALL SELECT 'collations', pg_catalog.count(*) FROM pg_catalog.pg_collation AS c WHERE c.oid >= 16384
  UNION ALL SELECT 'text search configurations', pg_catalog.count(*) FROM pg_catalog.pg_ts_config AS c WHERE c.oid >= 16384
  UNION ALL SELECT 'foreign tables', pg_catalog.count(*) FROM pg_catalog.pg_foreign_table
  UNION ALL SELECT 'event triggers', pg_catalog.count(*) FROM pg_catalog.pg_event_trigger
  UNION ALL SELECT 'default privileges that take some away', pg_catalog.count(*) FROM pg_catalog.pg_default_acl AS d WHERE d.defaclnamespace = 0
) AS found
 WHERE number > 0
