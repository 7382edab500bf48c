-- Of tables, by quoted names in $1: columns with their types, and partitions and children at any depth.
-- A name is compared as text: to_regclass refuses those in schemas that the role may not use.
WITH RECURSIVE named AS (
  SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'f') AND pg_catalog.format('%I.%I', n.nspname, c.relname) = ANY ($1::text[])
), below AS (
  SELECT oid AS root, oid FROM named
  UNION
  SELECT b.root, i.inhrelid FROM below AS b JOIN pg_catalog.pg_inherits AS i ON i.inhparent = b.oid
)
SELECT t.name,
       (SELECT COALESCE(pg_catalog.json_object_agg(pg_catalog.quote_ident(a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod)), '{}')::text
          FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       (SELECT COALESCE(pg_catalog.json_agg(pg_catalog.format('%I.%I', n.nspname, c.relname)), '[]')::text
          FROM below AS b JOIN pg_catalog.pg_class AS c ON c.oid = b.oid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
         WHERE b.root = t.oid AND b.oid <> t.oid) AS descendants
  FROM named AS t
