-- Publications as statements that make them again, but for the tables that are added one by one: those come with the tables.
-- An owner may not own all of them: ALL TABLES wants a superuser.
SELECT pg_catalog.format('CREATE PUBLICATION %I%s WITH (publish = %L, publish_via_partition_root = %s)', p.pubname,
                         CASE WHEN p.puballtables THEN ' FOR ALL TABLES' ELSE '' END,
                         pg_catalog.concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                                              CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END),
                         p.pubviaroot::text) AS statement,
       pg_catalog.format('ALTER PUBLICATION %I OWNER TO %I', p.pubname, pg_catalog.pg_get_userbyid(p.pubowner)) AS owner
  FROM pg_catalog.pg_publication AS p
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                    WHERE d.classid = 'pg_catalog.pg_publication'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e')
 ORDER BY p.pubname
