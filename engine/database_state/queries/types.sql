-- Types that no extension brought and no table: enums, domains, ranges, composites. `statement` makes one again; its owner is
-- quoted, its privileges are those in force, in an order that does not depend on when they were
-- given. $1 the journal's schema, whose types are left out.
SELECT 'type ' || pg_catalog.format('%I.%I', n.nspname, t.typname) AS object,
       CASE t.typtype
         WHEN 'e' THEN pg_catalog.format(E'CREATE TYPE %I.%I AS ENUM (%s\n)', n.nspname, t.typname,
                (SELECT pg_catalog.string_agg(E'\n  ' || pg_catalog.quote_literal(e.enumlabel), ',' ORDER BY e.enumsortorder)
                   FROM pg_catalog.pg_enum AS e WHERE e.enumtypid = t.oid))
         -- NOT VALID is no word of CREATE DOMAIN.
         WHEN 'd' THEN pg_catalog.format('CREATE DOMAIN %I.%I AS %s%s%s%s%s', n.nspname, t.typname,
                pg_catalog.format_type(t.typbasetype, t.typtypmod),
                COALESCE(E'\n  DEFAULT ' || t.typdefault, ''), CASE WHEN t.typnotnull THEN E'\n  NOT NULL' ELSE '' END,
                (SELECT pg_catalog.string_agg(pg_catalog.format(E'\n  CONSTRAINT %I %s', k.conname, pg_catalog.pg_get_constraintdef(k.oid)), ''
                                              ORDER BY k.conname)
                   FROM pg_catalog.pg_constraint AS k WHERE k.contypid = t.oid AND k.contype = 'c' AND k.convalidated),
                (SELECT pg_catalog.string_agg(pg_catalog.format(E';\nALTER DOMAIN %I.%I ADD CONSTRAINT %I %s', n.nspname, t.typname,
                                                                k.conname, pg_catalog.pg_get_constraintdef(k.oid)), ''
                                              ORDER BY k.conname)
                   FROM pg_catalog.pg_constraint AS k WHERE k.contypid = t.oid AND k.contype = 'c' AND NOT k.convalidated))
         WHEN 'r' THEN pg_catalog.format('CREATE TYPE %I.%I AS RANGE (SUBTYPE = %s)', n.nspname, t.typname,
                (SELECT pg_catalog.format_type(r.rngsubtype, NULL) FROM pg_catalog.pg_range AS r WHERE r.rngtypid = t.oid))
         ELSE pg_catalog.format(E'CREATE TYPE %I.%I AS (%s\n)', n.nspname, t.typname,
                (SELECT pg_catalog.string_agg(pg_catalog.format(E'\n  %I %s', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)), ','
                                              ORDER BY a.attnum)
                   FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
       END AS statement,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(t.typowner)) AS owner,
       COALESCE((SELECT pg_catalog.array_agg(x::text ORDER BY x::text)
                   FROM pg_catalog.unnest(COALESCE(t.typacl, pg_catalog.acldefault('T', t.typowner))) AS x)::text, '{}') AS acl
  FROM pg_catalog.pg_type AS t
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'engine_trace', $1::text) AND n.nspname NOT LIKE $1 || '\_%'
   AND n.nspname NOT LIKE 'pg\_temp\_%' AND n.nspname NOT LIKE 'pg\_toast\_temp\_%'
   AND (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                    WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.oid AND d.deptype = 'e')
 ORDER BY n.nspname, t.typname
