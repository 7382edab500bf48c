-- $1 tables as an array of quoted names. They, partitioned ones with their partitions, and by foreign keys whatever they
-- refer to: what a row is made of, whether it may be read, and the keys that lead from it. `wanted`: it has rows of one of $1;
-- `root`: the partitioned table that it is of, else itself. A name is compared as text: to_regclass refuses those in schemas
-- that the role may not use.
WITH RECURSIVE named AS (
  SELECT c.oid
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p') AND pg_catalog.format('%I.%I', n.nspname, c.relname) = ANY ($1::text[])
),
leaf AS (
  SELECT DISTINCT COALESCE(p.relid::pg_catalog.oid, n.oid) AS oid
    FROM named AS n LEFT JOIN LATERAL pg_catalog.pg_partition_tree(n.oid) AS p ON p.isleaf
),
closure AS (
  SELECT w.oid FROM (SELECT l.oid FROM leaf AS l UNION SELECT n.oid FROM named AS n) AS w
  UNION
  SELECT k.confrelid FROM closure AS c
    JOIN pg_catalog.pg_constraint AS k ON k.conrelid = c.oid AND k.contype = 'f'
    LEFT JOIN pg_catalog.pg_constraint AS up ON up.oid = k.conparentid
   WHERE up.conrelid IS DISTINCT FROM k.conrelid
)
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name, c.relkind AS kind,
       leaf.oid IS NOT NULL AS wanted,
       COALESCE(pg_catalog.pg_partition_root(c.oid)::pg_catalog.oid, c.oid) AS root,
       CASE WHEN NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE') THEN 'no USAGE on the schema'
            WHEN NOT pg_catalog.has_table_privilege(c.oid, 'SELECT')
                 AND EXISTS (SELECT FROM pg_catalog.pg_attribute AS a
                              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                                AND NOT pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT'))
              THEN 'no SELECT'
            WHEN pg_catalog.row_security_active(c.oid) THEN 'row security hides some of them'
            ELSE '' END AS unreadable,
       COALESCE((SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                   'name', pg_catalog.quote_ident(a.attname), 'type', pg_catalog.format_type(a.atttypid, NULL),
                   'generated', a.attgenerated <> '') ORDER BY a.attnum)
                   FROM pg_catalog.pg_attribute AS a
                  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]')::text AS columns,
       COALESCE((SELECT pg_catalog.json_agg(pg_catalog.quote_ident(a.attname) ORDER BY u.position)
                   FROM pg_catalog.pg_constraint AS k
                   CROSS JOIN pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u (number, position)
                   JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.number
                  WHERE k.conrelid = c.oid AND k.contype = 'p'), '[]')::text AS primary_key,
       COALESCE((SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                   'parent', (SELECT pg_catalog.format('%I.%I', pn.nspname, p.relname) FROM pg_catalog.pg_class AS p
                              JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.relnamespace WHERE p.oid = k.confrelid),
                   'validated', k.convalidated,
                   'columns', (SELECT pg_catalog.json_agg(pg_catalog.quote_ident(a.attname) ORDER BY u.position)
                               FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u (number, position)
                               JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.number),
                   'keys', (SELECT pg_catalog.json_agg(pg_catalog.quote_ident(a.attname) ORDER BY u.position)
                            FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS u (number, position)
                            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.number))
                   ORDER BY k.conname)
                   FROM pg_catalog.pg_constraint AS k
                   LEFT JOIN pg_catalog.pg_constraint AS up ON up.oid = k.conparentid
                  WHERE k.conrelid = c.oid AND k.contype = 'f' AND up.conrelid IS DISTINCT FROM k.conrelid), '[]')::text AS keys
  FROM (SELECT DISTINCT oid FROM closure) AS found
  JOIN pg_catalog.pg_class AS c ON c.oid = found.oid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN leaf ON leaf.oid = c.oid
 WHERE c.relkind IN ('r', 'p')
 ORDER BY 1
