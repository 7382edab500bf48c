-- Of each column of table $2 in schema $1 the schema of the operator by which its type is equal to itself, and the type without length.
SELECT a.attname AS name, pg_catalog.format_type(a.atttypid, -1) AS type,
       COALESCE((SELECT pg_catalog.quote_ident(n.nspname)
                   FROM pg_catalog.pg_opclass c
                   JOIN pg_catalog.pg_am m ON m.oid = c.opcmethod AND m.amname = 'btree'
                   JOIN pg_catalog.pg_amop e ON e.amopfamily = c.opcfamily AND e.amopstrategy = 3
                                            AND e.amoplefttype = c.opcintype AND e.amoprighttype = c.opcintype
                   JOIN pg_catalog.pg_operator o ON o.oid = e.amopopr AND o.oprname = '='
                   JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
                  WHERE c.opcdefault AND c.opcintype = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END),
                'pg_catalog') AS schema
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  JOIN pg_catalog.pg_class r ON r.oid = a.attrelid JOIN pg_catalog.pg_namespace s ON s.oid = r.relnamespace
 WHERE s.nspname = $1 AND r.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped
