-- $1 name.
SELECT n.nspname AS name, pg_catalog.pg_get_userbyid(n.nspowner) AS owner,
       pg_catalog.obj_description(n.oid, 'pg_namespace') AS comment,
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
                 CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(a.grantee) END,
                 pg_catalog.pg_get_userbyid(a.grantor), a.privilege_type, a.is_grantable)
               ORDER BY a.grantee, a.grantor, a.privilege_type)
        FROM pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) a) AS grants
FROM pg_catalog.pg_namespace n
WHERE n.nspname = $1::pg_catalog.name
