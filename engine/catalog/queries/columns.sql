-- attstattarget is NULL for the default since 17, -1 before. Some builds keep options of their own in
-- attoptions; PostgreSQL's are the two n_distinct ones.
SELECT a.attrelid AS relation, a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
       a.attnotnull AS not_null, pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS default_expression,
       CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' ELSE '' END AS identity,
       a.attgenerated <> '' AS generated, a.attgenerated = 'v' AS generated_virtual, a.attislocal AS local,
       CASE WHEN a.attcollation <> t.typcollation
            THEN pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) END AS collation,
       CASE WHEN a.attstorage <> t.typstorage
            THEN CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external'
                                   WHEN 'm' THEN 'main' ELSE 'extended' END END AS storage,
       CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' ELSE '' END AS compression,
       coalesce(a.attstattarget, -1) AS statistics_target,
       (SELECT pg_catalog.json_agg(o ORDER BY o) FROM pg_catalog.unnest(a.attoptions) o
        WHERE o LIKE 'n\_distinct%') AS options,
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
                 CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(x.grantee) END,
                 pg_catalog.pg_get_userbyid(x.grantor), x.privilege_type, x.is_grantable)
               ORDER BY x.grantee, x.grantor, x.privilege_type)
        FROM pg_catalog.aclexplode(a.attacl) x) AS grants,
       pg_catalog.col_description(a.attrelid, a.attnum) AS comment,
       tn.nspname AS type_schema, coalesce(e.typname, t.typname) AS type_name
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
JOIN pg_catalog.pg_namespace tn ON tn.oid = coalesce(e.typnamespace, t.typnamespace)
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
WHERE a.attrelid IN (SELECT pg_catalog.unnest(pg_catalog.current_setting('engine.relations')::oid[]))
  AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
