-- Of tables whose file was $2 for others, those that the session has given a new one: ALTER TABLE, CLUSTER and VACUUM FULL write
-- the rows anew, and TRUNCATE leaves none. $1 their OIDs.
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS relation, (pg_catalog.pg_relation_size(c.oid) = 0)::text AS empty
  FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.oid[])) AS was (oid, file)
  JOIN pg_catalog.pg_class AS c ON c.oid = was.oid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'm') AND c.relfilenode <> was.file
