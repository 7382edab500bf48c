-- $1 tables as an array of quoted names. Their columns that a row is made of, and the foreign keys that lead from them.
SELECT w.name, (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)
                  FROM pg_catalog.pg_attribute AS a
                 WHERE a.attrelid = w.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
       COALESCE((SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                   'parent', (SELECT pg_catalog.format('%I.%I', n.nspname, p.relname) FROM pg_catalog.pg_class AS p
                              JOIN pg_catalog.pg_namespace AS n ON n.oid = p.relnamespace WHERE p.oid = k.confrelid),
                   'columns', (SELECT pg_catalog.json_agg(pg_catalog.quote_ident(a.attname) ORDER BY c.position)
                               FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS c (number, position)
                               JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = c.number),
                   'keys', (SELECT pg_catalog.json_agg(pg_catalog.quote_ident(a.attname) ORDER BY c.position)
                            FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS c (number, position)
                            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = c.number)))
                 FROM pg_catalog.pg_constraint AS k WHERE k.conrelid = w.oid AND k.contype = 'f'), '[]')::text AS keys
  FROM (SELECT t.name, pg_catalog.to_regclass(t.name)::pg_catalog.oid AS oid
          FROM pg_catalog.unnest($1::text[]) AS t (name)) AS w
  JOIN pg_catalog.pg_class AS c ON c.oid = w.oid
 WHERE c.relkind = 'r'
