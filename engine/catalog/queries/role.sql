-- $1 name.
SELECT r.rolname AS name, r.rolsuper AS superuser, r.rolcanlogin AS login, r.rolinherit AS inherit,
       r.rolcreatedb AS create_database, r.rolcreaterole AS create_role, r.rolreplication AS replication,
       r.rolbypassrls AS bypass_row_security,
       (SELECT pg_catalog.json_agg(DISTINCT pg_catalog.pg_get_userbyid(m.roleid))
        FROM pg_catalog.pg_auth_members m WHERE m.member = r.oid) AS member_of,
       pg_catalog.shobj_description(r.oid, 'pg_authid') AS comment
FROM pg_catalog.pg_roles r
WHERE r.rolname = $1::pg_catalog.name
