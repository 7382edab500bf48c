-- conpfeqop compares the referenced column (left) with the referring one, and may lie in an extension's schema.
SELECT c.oid::bigint AS oid, c.conname AS name, c.confdeltype AS on_delete, c.convalidated AS validated,
       c.conrelid::bigint AS child_oid, cn.nspname AS child_schema, cr.relname AS child_name,
       c.confrelid::bigint AS parent_oid, pn.nspname AS parent_schema, pr.relname AS parent_name,
       ca.attname AS child_column, pa.attname AS parent_column,
       pg_catalog.format('OPERATOR(%I.%s)', opn.nspname, op.oprname) AS op
  FROM pg_catalog.pg_constraint c
  JOIN pg_catalog.pg_class cr ON cr.oid = c.conrelid
  JOIN pg_catalog.pg_namespace cn ON cn.oid = cr.relnamespace
  JOIN pg_catalog.pg_class pr ON pr.oid = c.confrelid
  JOIN pg_catalog.pg_namespace pn ON pn.oid = pr.relnamespace
 CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(c.conkey), pg_catalog.unnest(c.confkey),
                               pg_catalog.unnest(c.conpfeqop)) WITH ORDINALITY AS k(child, parent, op, place)
  JOIN pg_catalog.pg_attribute ca ON ca.attrelid = c.conrelid AND ca.attnum = k.child
  JOIN pg_catalog.pg_attribute pa ON pa.attrelid = c.confrelid AND pa.attnum = k.parent
  JOIN pg_catalog.pg_operator op ON op.oid = k.op
  JOIN pg_catalog.pg_namespace opn ON opn.oid = op.oprnamespace
 WHERE c.contype = 'f' AND c.conparentid = 0
   AND (c.conrelid = ANY ($1::oid[]) OR c.confrelid = ANY ($1::oid[]))
 ORDER BY cn.nspname, cr.relname, c.conname, c.oid, k.place
