-- Foreign keys that are NOT VALID, names quoted.
SELECT pg_catalog.format('%I.%I', cn.nspname, c.relname) AS child, pg_catalog.format('%I.%I', pn.nspname, p.relname) AS parent,
       (SELECT pg_catalog.json_agg(pg_catalog.quote_ident(a.attname) ORDER BY u.position)
          FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u (number, position)
          JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.number)::text AS columns,
       (SELECT pg_catalog.json_agg(pg_catalog.quote_ident(a.attname) ORDER BY u.position)
          FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS u (number, position)
          JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.number)::text AS keys
  FROM pg_catalog.pg_constraint AS k
  JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace AS cn ON cn.oid = c.relnamespace
  JOIN pg_catalog.pg_class AS p ON p.oid = k.confrelid
  JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.relnamespace
 WHERE k.contype = 'f' AND NOT k.convalidated AND k.conparentid = 0
