-- $1 schema, "" for a bare name; $2 name; $3 NULL for any signature, else argument_types.sql has found the OIDs of its
-- types. pg_get_functiondef refuses aggregates.
SELECT p.oid, n.nspname AS schema, p.proname AS name,
       CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window' ELSE 'function' END AS kind,
       pg_catalog.oidvectortypes(p.proargtypes) AS arguments,
       pg_catalog.pg_get_function_result(p.oid) AS returns, l.lanname AS language,
       CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END AS volatility,
       CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END AS parallel,
       p.prosecdef AS security_definer, p.proisstrict AS strict, p.proleakproof AS leakproof,
       pg_catalog.to_json(p.proconfig) AS config, pg_catalog.pg_get_userbyid(p.proowner) AS owner,
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
                 CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(a.grantee) END,
                 pg_catalog.pg_get_userbyid(a.grantor), a.privilege_type, a.is_grantable)
               ORDER BY a.grantee, a.grantor, a.privilege_type)
        FROM pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) a) AS grants,
       pg_catalog.obj_description(p.oid, 'pg_proc') AS comment, p.prosrc AS body,
       CASE WHEN p.prokind <> 'a' THEN pg_catalog.pg_get_functiondef(p.oid) END AS definition
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_language l ON l.oid = p.prolang
CROSS JOIN (SELECT pg_catalog.current_setting('engine.schemas')::pg_catalog.name[]) AS s (schemas)
WHERE p.proname = $2::pg_catalog.name
  AND CASE WHEN $1::pg_catalog.text = ''
           THEN n.nspname = ANY (s.schemas) AND NOT EXISTS (
                  SELECT FROM pg_catalog.pg_proc q JOIN pg_catalog.pg_namespace m ON m.oid = q.pronamespace
                  WHERE q.proname = p.proname AND q.proargtypes = p.proargtypes
                    AND pg_catalog.array_position(s.schemas, m.nspname) < pg_catalog.array_position(s.schemas, n.nspname))
           ELSE n.nspname = $1::pg_catalog.name END
  AND ($3::pg_catalog.text[] IS NULL
       OR pg_catalog.array_to_string(p.proargtypes::pg_catalog.oid[], ',')
          = pg_catalog.current_setting('engine.argument_types'))
ORDER BY n.nspname, arguments
