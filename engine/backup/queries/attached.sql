-- Walks pg_depend upwards from the table, its row type and the sequences it owns. A view's dependency is recorded by its rule, so
-- a rule stands for the relation it belongs to; of another table only the column falls (sub), and what uses that. What belongs to
-- the table itself falls and comes back with it, where it does not stand on something that is made again only later.
WITH RECURSIVE walk (class, object, sub, depth, path) AS (
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::oid, s.object, 0, 0, ARRAY[s.object]
    FROM (SELECT $1::oid AS object
          UNION ALL
          SELECT d.objid FROM pg_catalog.pg_depend d
            JOIN pg_catalog.pg_class q ON q.oid = d.objid AND q.relkind = 'S'
           WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')
             AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = $1) s
  UNION ALL
  SELECT n.class, n.object, n.sub, w.depth + 1, w.path || n.object
    FROM walk w
    LEFT JOIN pg_catalog.pg_class r ON w.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND r.oid = w.object AND w.sub = 0
    LEFT JOIN pg_catalog.pg_type t
           ON t.oid = r.reltype OR (w.class = 'pg_catalog.pg_type'::pg_catalog.regclass AND t.oid = w.object)
    -- A constraint trigger FROM the table hangs on it without a word of CASCADE.
    JOIN pg_catalog.pg_depend d
      ON (d.deptype = 'n' OR (d.deptype = 'a' AND d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND w.object = $1))
     AND ((d.refclassid = w.class AND d.refobjid = w.object AND w.sub IN (0, d.refobjsubid)) OR
          (d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid IN (t.oid, t.typarray)))
    LEFT JOIN pg_catalog.pg_rewrite rule ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND rule.oid = d.objid
    LEFT JOIN pg_catalog.pg_class owner ON owner.oid = rule.ev_class
    LEFT JOIN pg_catalog.pg_class whole
           ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND whole.oid = d.objid AND whole.relkind IN ('v', 'm')
   CROSS JOIN LATERAL (
     SELECT CASE WHEN owner.relkind IN ('v', 'm') OR rule.ev_class = $1
                 THEN 'pg_catalog.pg_class'::pg_catalog.regclass::oid ELSE d.classid END AS class,
            CASE WHEN owner.relkind IN ('v', 'm') OR rule.ev_class = $1 THEN rule.ev_class ELSE d.objid END AS object,
            CASE WHEN rule.oid IS NULL AND whole.oid IS NULL THEN d.objsubid ELSE 0 END AS sub) n
   WHERE n.object <> ALL (w.path) AND w.depth < 60 AND d.classid <> 'pg_catalog.pg_publication_rel'::pg_catalog.regclass
), found AS (
  SELECT class, object, sub, pg_catalog.max(depth) AS depth FROM walk WHERE depth > 0 GROUP BY class, object, sub
), views AS (
  SELECT v.oid FROM found f JOIN pg_catalog.pg_class v ON v.oid = f.object AND v.relkind IN ('v', 'm')
   WHERE f.class = 'pg_catalog.pg_class'::pg_catalog.regclass
)
SELECT f.depth, f.object::bigint AS oid, c.relkind, n.nspname AS schema, c.relname AS name,
       CASE WHEN p.prokind IN ('f', 'p', 'w') THEN p.oid::pg_catalog.regprocedure::text END AS signature,
       y.polname AS policy, yn.nspname AS policy_schema, yc.relname AS policy_table,
       -- A generated column falls with its expression.
       CASE WHEN ac.attgenerated <> '' THEN pg_catalog.pg_describe_object('pg_catalog.pg_class'::pg_catalog.regclass, a.adrelid, a.adnum)
            WHEN xs.oid IS NOT NULL OR c.relkind = 'i' THEN pg_catalog.pg_describe_object(f.class, f.object, 0) || ' on table '
                 || COALESCE(xs.stxrelid, i.indrelid)::pg_catalog.regclass::text
            WHEN con.contypid <> 0 THEN pg_catalog.pg_describe_object(f.class, f.object, 0) || ' of domain '
                 || pg_catalog.format_type(con.contypid, NULL)
            ELSE pg_catalog.pg_describe_object(f.class, f.object, f.sub) END AS description
  FROM found f
  LEFT JOIN pg_catalog.pg_class c ON f.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = f.object
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
  LEFT JOIN pg_catalog.pg_proc p ON f.class = 'pg_catalog.pg_proc'::pg_catalog.regclass AND p.oid = f.object
  LEFT JOIN pg_catalog.pg_policy y ON f.class = 'pg_catalog.pg_policy'::pg_catalog.regclass AND y.oid = f.object
  LEFT JOIN pg_catalog.pg_class yc ON yc.oid = y.polrelid
  LEFT JOIN pg_catalog.pg_namespace yn ON yn.oid = yc.relnamespace
  LEFT JOIN pg_catalog.pg_trigger g ON f.class = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND g.oid = f.object
  LEFT JOIN pg_catalog.pg_constraint con ON f.class = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND con.oid = f.object
  LEFT JOIN pg_catalog.pg_statistic_ext xs ON f.class = 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass AND xs.oid = f.object
  LEFT JOIN pg_catalog.pg_attrdef a ON f.class = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND a.oid = f.object
  LEFT JOIN pg_catalog.pg_attribute ac ON ac.attrelid = a.adrelid AND ac.attnum = a.adnum
 WHERE $1 NOT IN (COALESCE(y.polrelid, 0), COALESCE(g.tgrelid, 0), COALESCE(con.conrelid, 0), f.object)
   AND (f.depth > 1 OR $1 NOT IN (COALESCE(a.adrelid, 0), COALESCE(i.indrelid, 0), COALESCE(xs.stxrelid, 0)))
   AND NOT EXISTS (SELECT FROM views v WHERE v.oid IN (g.tgrelid, a.adrelid, i.indrelid))
   AND c.relkind IS DISTINCT FROM 'S'
   -- Foreign keys are of the table's own definition; a domain takes its constraints along.
   AND con.contype IS DISTINCT FROM 'f'
   AND NOT EXISTS (SELECT FROM found t WHERE t.class = 'pg_catalog.pg_type'::pg_catalog.regclass AND t.object = con.contypid)
 ORDER BY f.depth, c.relkind NULLS LAST, f.object, f.sub
