-- How wide the values of columns are, and how many different ones there are (less than 0: as a share of the rows), by
-- ANALYZE; of what the role may read. Of a partitioned table those of all partitions together.
SELECT DISTINCT ON (s.schemaname, s.tablename, s.attname)
       pg_catalog.format('%I.%I', s.schemaname, s.tablename) AS name, s.attname AS column_name,
       (s.avg_width * (1 - s.null_frac))::float8 AS width, s.n_distinct::float8 AS distinct_values
  FROM pg_catalog.pg_stats AS s
 WHERE s.schemaname NOT IN ('pg_catalog', 'information_schema')
 ORDER BY s.schemaname, s.tablename, s.attname, s.inherited DESC
