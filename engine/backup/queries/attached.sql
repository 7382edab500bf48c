-- Walks pg_depend upwards from the table, its row type and the sequences it owns. A view's dependency is recorded by its rule, so
-- a rule stands for the relation it belongs to. What belongs to the table itself falls and comes back with it.
WITH RECURSIVE walk (class, object, depth, path) AS (
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::oid, s.object, 0, ARRAY[s.object]
    FROM (SELECT $1::oid AS object
          UNION ALL
          SELECT d.objid FROM pg_catalog.pg_depend d
            JOIN pg_catalog.pg_class q ON q.oid = d.objid AND q.relkind = 'S'
           WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')
             AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = $1) s
  UNION ALL
  SELECT n.class, n.object, w.depth + 1, w.path || n.object
    FROM walk w
    LEFT JOIN pg_catalog.pg_class r ON w.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND r.oid = w.object
    LEFT JOIN pg_catalog.pg_type t ON t.oid = r.reltype
    JOIN pg_catalog.pg_depend d ON d.deptype = 'n' AND
         ((d.refclassid = w.class AND d.refobjid = w.object) OR
          (d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.refobjid IN (t.oid, t.typarray)))
    LEFT JOIN pg_catalog.pg_rewrite rule ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND rule.oid = d.objid
    LEFT JOIN pg_catalog.pg_class owner ON owner.oid = rule.ev_class
   CROSS JOIN LATERAL (
     SELECT CASE WHEN owner.relkind IN ('v', 'm') OR rule.ev_class = $1
                 THEN 'pg_catalog.pg_class'::pg_catalog.regclass::oid ELSE d.classid END AS class,
            CASE WHEN owner.relkind IN ('v', 'm') OR rule.ev_class = $1 THEN rule.ev_class ELSE d.objid END AS object) n
   WHERE n.object <> ALL (w.path) AND w.depth < 60
     AND d.classid NOT IN ('pg_catalog.pg_constraint'::pg_catalog.regclass,
                           'pg_catalog.pg_statistic_ext'::pg_catalog.regclass,
                           'pg_catalog.pg_publication_rel'::pg_catalog.regclass)
), found AS (
  SELECT class, object, pg_catalog.max(depth) AS depth FROM walk WHERE depth > 0 GROUP BY class, object
)
SELECT f.depth, f.object::bigint AS oid, c.relkind, n.nspname AS schema, c.relname AS name,
       CASE WHEN p.prokind IN ('f', 'p', 'w') THEN p.oid::pg_catalog.regprocedure::text END AS signature,
       y.polname AS policy, yn.nspname AS policy_schema, yc.relname AS policy_table,
       pg_catalog.pg_describe_object(f.class, f.object, 0) AS description
  FROM found f
  LEFT JOIN pg_catalog.pg_class c ON f.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = f.object
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_proc p ON f.class = 'pg_catalog.pg_proc'::pg_catalog.regclass AND p.oid = f.object
  LEFT JOIN pg_catalog.pg_policy y ON f.class = 'pg_catalog.pg_policy'::pg_catalog.regclass AND y.oid = f.object
  LEFT JOIN pg_catalog.pg_class yc ON yc.oid = y.polrelid
  LEFT JOIN pg_catalog.pg_namespace yn ON yn.oid = yc.relnamespace
  LEFT JOIN pg_catalog.pg_trigger g ON f.class = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND g.oid = f.object
  LEFT JOIN pg_catalog.pg_attrdef a ON f.class = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND a.oid = f.object
 WHERE $1 NOT IN (COALESCE(y.polrelid, 0), COALESCE(g.tgrelid, 0), COALESCE(a.adrelid, 0), f.object)
   AND c.relkind IS DISTINCT FROM 'S' AND c.relkind IS DISTINCT FROM 'i'
 ORDER BY f.depth, c.relkind NULLS LAST, f.object
