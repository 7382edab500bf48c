SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relpersistence AS persistence,
       pg_catalog.pg_get_userbyid(c.relowner) AS owner,
       pg_catalog.obj_description(c.oid, 'pg_class') AS comment,
       am.amname AS access_method, ts.spcname AS tablespace,
       pg_catalog.to_json(c.reloptions) AS options, pg_catalog.to_json(toast.reloptions) AS toast_options,
       c.relreplident AS replica_identity, c.relrowsecurity AS row_security,
       c.relforcerowsecurity AS force_row_security,
       CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS partition_key,
       pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS partition_bound,
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(pn.nspname, p.relname) ORDER BY i.inhseqno)
        FROM pg_catalog.pg_inherits i
        JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
        JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
        WHERE i.inhrelid = c.oid) AS parents,
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(kn.nspname, k.relname) ORDER BY kn.nspname, k.relname)
        FROM pg_catalog.pg_inherits i
        JOIN pg_catalog.pg_class k ON k.oid = i.inhrelid
        JOIN pg_catalog.pg_namespace kn ON kn.oid = k.relnamespace
        WHERE i.inhparent = c.oid) AS children,
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END AS view_definition,
       c.relispopulated AS populated, c.reltuples::bigint AS estimated_rows,
       CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_total_relation_size(c.oid) ELSE 0 END AS bytes,
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
                 CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(a.grantee) END,
                 pg_catalog.pg_get_userbyid(a.grantor), a.privilege_type, a.is_grantable)
               ORDER BY a.grantee, a.grantor, a.privilege_type)
        FROM pg_catalog.aclexplode(coalesce(c.relacl, pg_catalog.acldefault(
               CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))) a) AS grants
FROM pg_catalog.unnest(pg_catalog.current_setting('engine.relations')::oid[]) WITH ORDINALITY AS w (oid, position)
JOIN pg_catalog.pg_class c ON c.oid = w.oid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam
LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace
LEFT JOIN pg_catalog.pg_class toast ON toast.oid = c.reltoastrelid
ORDER BY w.position
