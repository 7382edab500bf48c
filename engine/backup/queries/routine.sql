SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind,
       p.oid::pg_catalog.regprocedure::text AS signature,
       pg_catalog.pg_get_functiondef(p.oid) AS definition, pg_catalog.pg_get_userbyid(p.proowner) AS owner,
       COALESCE(pg_catalog.obj_description(p.oid, 'pg_proc'), '') AS comment,
       CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(a.grantee) END AS grantee,
       pg_catalog.pg_get_userbyid(a.grantor) AS grantor, a.privilege_type AS privilege, a.is_grantable AS grantable
  FROM pg_catalog.pg_proc p
  LEFT JOIN LATERAL pg_catalog.aclexplode(
              COALESCE(p.proacl, pg_catalog.acldefault('f', p.proowner))) a ON true
 WHERE p.oid = pg_catalog.to_regprocedure($1)
 ORDER BY a.grantee
