-- What values must be like that no relation says by itself: domains with their checks, labels of enums, and what a
-- partition's bounds demand of its rows. $1 the journal's schema. Those of extensions count too: columns have them.
SELECT 'domain' AS what, pg_catalog.format('%I.%I', n.nspname, t.typname) AS name,
       pg_catalog.format_type(t.typbasetype, t.typtypmod) AS item, t.typnotnull::text AS definition, 0::float8 AS position
  FROM pg_catalog.pg_type AS t
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
 WHERE t.typtype = 'd' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
UNION ALL
SELECT 'check', pg_catalog.format('%I.%I', n.nspname, t.typname), k.conname, pg_catalog.pg_get_constraintdef(k.oid), 1
  FROM pg_catalog.pg_constraint AS k
  JOIN pg_catalog.pg_type AS t ON t.oid = k.contypid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
 WHERE k.contype = 'c' AND k.convalidated AND n.nspname NOT IN ('pg_catalog', 'information_schema')
UNION ALL
SELECT 'label', pg_catalog.format('%I.%I', n.nspname, t.typname), e.enumlabel, '', e.enumsortorder
  FROM pg_catalog.pg_enum AS e
  JOIN pg_catalog.pg_type AS t ON t.oid = e.enumtypid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
UNION ALL
SELECT 'partition', pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.format('%I', p.relname),
       pg_catalog.pg_get_partition_constraintdef(c.oid), 0
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_inherits AS i ON i.inhrelid = c.oid
  JOIN pg_catalog.pg_class AS p ON p.oid = i.inhparent
 WHERE c.relispartition AND c.relkind IN ('r', 'p') AND n.nspname <> $1
 ORDER BY position
