-- Everything that DROP … CASCADE of the object would take along, its own parts included: the reader puts parts to
-- what carries them. $1 schema, "" for a bare name; $2 name; $3 whether functions and types of that name count too;
-- $4 a column of the relation, "" for the whole.
WITH RECURSIVE path AS (
  SELECT pg_catalog.current_setting('engine.schemas', true)::pg_catalog.name[] AS schemas
), root AS (
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::oid AS class, c.oid AS object, coalesce(a.attnum, 0)::integer AS sub
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = $4::name AND NOT a.attisdropped
  WHERE c.relname = $2::name AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND ($4::text = '' OR a.attnum > 0)
    AND CASE WHEN $1::text = '' THEN n.nspname = (
               SELECT m.nspname FROM path, pg_catalog.pg_class o JOIN pg_catalog.pg_namespace m ON m.oid = o.relnamespace
               WHERE o.relname = c.relname AND m.nspname = ANY (path.schemas)
               ORDER BY pg_catalog.array_position(path.schemas, m.nspname) LIMIT 1)
             ELSE n.nspname = $1::name END
  UNION ALL
  SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, 0
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE $3::boolean AND p.proname = $2::name
    AND CASE WHEN $1::text = '' THEN n.nspname = (
               SELECT m.nspname FROM path, pg_catalog.pg_proc o JOIN pg_catalog.pg_namespace m ON m.oid = o.pronamespace
               WHERE o.proname = p.proname AND o.proargtypes = p.proargtypes AND m.nspname = ANY (path.schemas)
               ORDER BY pg_catalog.array_position(path.schemas, m.nspname) LIMIT 1)
             ELSE n.nspname = $1::name END
  UNION ALL
  SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, 0
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE $3::boolean AND t.typname = $2::name
    AND CASE WHEN $1::text = '' THEN n.nspname = (
               SELECT m.nspname FROM path, pg_catalog.pg_type o JOIN pg_catalog.pg_namespace m ON m.oid = o.typnamespace
               WHERE o.typname = t.typname AND m.nspname = ANY (path.schemas)
               ORDER BY pg_catalog.array_position(path.schemas, m.nspname) LIMIT 1)
             ELSE n.nspname = $1::name END
), reach (class, object, sub) AS (
  SELECT class, object, sub FROM root
  UNION
  SELECT n.class, n.object, n.sub
  FROM reach r
  CROSS JOIN LATERAL (
    SELECT d.classid, d.objid, d.objsubid FROM pg_catalog.pg_depend d
    WHERE d.refclassid = r.class AND d.refobjid = r.object AND (r.sub = 0 OR d.refobjsubid = r.sub)
    UNION ALL
    -- A view depends through its rule, and falls with it.
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, w.ev_class, 0 FROM pg_catalog.pg_rewrite w
    WHERE r.class = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND w.oid = r.object AND w.rulename = '_RETURN'
  ) n (class, object, sub)
)
SELECT r.class, r.object AS oid, r.sub, o.kind, o.schema, o.name, coalesce(o.carrier, 0) AS carrier,
       tn.nspname AS table_schema, t.relname AS table_name,
       EXISTS (SELECT FROM root WHERE root.class = r.class AND root.object = r.object AND root.sub IN (0, r.sub)) AS is_root,
       (SELECT pg_catalog.json_agg(DISTINCT pg_catalog.format('%s:%s', d.refclassid, d.refobjid))
        FROM pg_catalog.pg_depend d WHERE d.classid = r.class AND d.objid = r.object) AS depends_on
FROM reach r
LEFT JOIN LATERAL (
  -- One branch holds: an object is of one class. `carrier` is the relation that a part belongs to.
  SELECT CASE WHEN r.sub > 0 THEN 'column' ELSE
           CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence'
                          WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' WHEN 'c' THEN 'type' WHEN 't' THEN 'toast table'
                          WHEN 'f' THEN 'foreign table' ELSE 'table' END END AS kind,
         n.nspname AS schema, coalesce(a.attname, c.relname) AS name,
         CASE WHEN r.sub > 0 THEN c.oid ELSE coalesce(
           (SELECT x.indrelid FROM pg_catalog.pg_index x WHERE x.indexrelid = c.oid),
           (SELECT h.oid FROM pg_catalog.pg_class h WHERE c.relkind = 't' AND h.reltoastrelid = c.oid),
           (SELECT d.refobjid FROM pg_catalog.pg_depend d
            WHERE c.relkind = 'S' AND d.classid = r.class AND d.objid = c.oid AND d.refclassid = r.class
              AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0)) END AS carrier
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = r.sub AND r.sub > 0
  WHERE r.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = r.object
  UNION ALL
  SELECT 'type', n.nspname, y.typname, coalesce(nullif(y.typrelid, 0), e.typrelid)
  FROM pg_catalog.pg_type y JOIN pg_catalog.pg_namespace n ON n.oid = y.typnamespace
  LEFT JOIN pg_catalog.pg_type e ON e.typarray = y.oid
  WHERE r.class = 'pg_catalog.pg_type'::pg_catalog.regclass AND y.oid = r.object
  UNION ALL
  SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
         n.nspname, p.proname, NULL
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE r.class = 'pg_catalog.pg_proc'::pg_catalog.regclass AND p.oid = r.object
  UNION ALL
  SELECT 'constraint', n.nspname, k.conname, k.conrelid
  FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
  WHERE r.class = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND k.oid = r.object
  UNION ALL
  SELECT 'default', NULL, a.attname, d.adrelid
  FROM pg_catalog.pg_attrdef d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  WHERE r.class = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.oid = r.object
  UNION ALL
  SELECT 'policy', NULL, p.polname, p.polrelid FROM pg_catalog.pg_policy p
  WHERE r.class = 'pg_catalog.pg_policy'::pg_catalog.regclass AND p.oid = r.object
  UNION ALL
  SELECT 'rule', NULL, w.rulename, w.ev_class FROM pg_catalog.pg_rewrite w
  WHERE r.class = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND w.oid = r.object
  UNION ALL
  SELECT 'trigger', NULL, g.tgname, g.tgrelid FROM pg_catalog.pg_trigger g
  WHERE r.class = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND g.oid = r.object
  UNION ALL
  SELECT 'statistics', n.nspname, s.stxname, s.stxrelid
  FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
  WHERE r.class = 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass AND s.oid = r.object
  UNION ALL
  SELECT 'publication', NULL, p.pubname, l.prrelid
  FROM pg_catalog.pg_publication_rel l JOIN pg_catalog.pg_publication p ON p.oid = l.prpubid
  WHERE r.class = 'pg_catalog.pg_publication_rel'::pg_catalog.regclass AND l.oid = r.object
) o ON true
LEFT JOIN pg_catalog.pg_class t ON t.oid = o.carrier
LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_trigger g
                  WHERE r.class = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND g.oid = r.object AND g.tgisinternal)
ORDER BY pg_catalog.pg_describe_object(r.class, r.object, r.sub)
