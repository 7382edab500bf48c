-- Owned by a column, named by a default, or itself among the relations. Where a sequence stands is no catalog
-- data: query_to_xml reads it from the relation, within this one statement, where the role may.
WITH used AS (
  SELECT d.refobjid AS relation, d.objid AS sequence
  FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objsubid = 0
    AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
    AND d.refobjid IN (SELECT pg_catalog.unnest(pg_catalog.current_setting('engine.relations')::oid[]))
  UNION
  SELECT ad.adrelid, d.refobjid
  FROM pg_catalog.pg_attrdef ad
  JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = ad.oid
   AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'n'
  WHERE ad.adrelid IN (SELECT pg_catalog.unnest(pg_catalog.current_setting('engine.relations')::oid[]))
  UNION
  SELECT oid, oid FROM pg_catalog.unnest(pg_catalog.current_setting('engine.relations')::oid[]) oid
)
SELECT u.relation, n.nspname AS schema, c.relname AS name, pg_catalog.pg_get_userbyid(c.relowner) AS owner,
       pg_catalog.format_type(s.seqtypid, NULL) AS type, s.seqstart AS start, s.seqincrement AS increment,
       s.seqmin AS minimum, s.seqmax AS maximum, s.seqcache AS cache, s.seqcycle AS cycle,
       owner.schema AS owned_by_schema, owner.name AS owned_by_name, owner.column_name AS owned_by_column,
       coalesce(owner.deptype = 'i', false) AS identity,
       pg_catalog.substring(state.xml, '<last_value>(-?[0-9]+)<') AS last_value,
       coalesce(state.xml ~ '<is_called>true<', false) AS is_called,
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
                 CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(a.grantee) END,
                 pg_catalog.pg_get_userbyid(a.grantor), a.privilege_type, a.is_grantable)
               ORDER BY a.grantee, a.grantor, a.privilege_type)
        FROM pg_catalog.aclexplode(coalesce(c.relacl, pg_catalog.acldefault('s', c.relowner))) a) AS grants,
       pg_catalog.obj_description(c.oid, 'pg_class') AS comment
FROM used u
JOIN pg_catalog.pg_class c ON c.oid = u.sequence AND c.relkind = 'S'
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
LEFT JOIN LATERAL (
  SELECT tn.nspname AS schema, t.relname AS name, a.attname AS column_name, d.deptype
  FROM pg_catalog.pg_depend d
  JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
  JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
    AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')
) owner ON true
CROSS JOIN LATERAL (
  SELECT CASE WHEN pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                   AND pg_catalog.has_sequence_privilege(c.oid, 'SELECT')
              THEN pg_catalog.query_to_xml(pg_catalog.format('SELECT last_value, is_called FROM %I.%I',
                                           n.nspname, c.relname), false, false, '')::text END AS xml
) state
ORDER BY u.relation, n.nspname, c.relname
