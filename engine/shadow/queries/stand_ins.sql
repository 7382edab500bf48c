-- For extensions $1 of this database: statements that make something under the name of each of their members, by
-- extension and in order. Types become text (enums themselves), functions give NULL and say so, triggers pass rows on.
WITH extension AS (
  SELECT e.oid, e.extname, e.extversion, n.nspname
    FROM pg_catalog.pg_extension AS e
    JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
   WHERE e.extname = ANY ($1::text[])
),
member AS (
  SELECT e.extname, d.classid, d.objid
    FROM extension AS e
    JOIN pg_catalog.pg_depend AS d
      ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.refobjid = e.oid AND d.deptype = 'e'
),
type AS (
  SELECT m.extname, t.oid, pg_catalog.format('%I.%I', n.nspname, t.typname) AS name, n.nspname, t.typtype
    FROM member AS m
    JOIN pg_catalog.pg_type AS t ON m.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND t.oid = m.objid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
   -- Those of arrays, multiranges and tables come along.
   WHERE t.typtype IN ('b', 'd', 'r', 'e', 'c') AND t.typcategory <> 'A' AND (c.oid IS NULL OR c.relkind = 'c')
),
relation AS (
  SELECT m.extname, c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name, n.nspname
    FROM member AS m
    JOIN pg_catalog.pg_class AS c ON m.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = m.objid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
),
routine AS (
  SELECT m.extname, p.oid, n.nspname, pg_catalog.format('%I.%I', n.nspname, p.proname) AS name, p.prokind, p.proretset,
         p.provolatile, p.prorettype,
         -- A procedural language cannot take these.
         p.prokind IN ('f', 'p') AND NOT EXISTS (
           SELECT FROM pg_catalog.pg_type AS t
            WHERE t.oid = ANY (p.proargtypes::pg_catalog.oid[] || COALESCE(p.proallargtypes, '{}') || p.prorettype)
              AND (t.typname IN ('internal', 'cstring', '_cstring', 'any', 'unknown') OR t.typname LIKE '%\_handler')) AS possible,
         p.prokind = 'p' OR p.prorettype = 'pg_catalog.void'::pg_catalog.regtype OR p.proretset
           OR COALESCE(p.proargmodes && '{o,b,t}'::pg_catalog."char"[], false) AS returns_nothing
    FROM member AS m
    JOIN pg_catalog.pg_proc AS p ON m.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND p.oid = m.objid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
),
language AS (
  SELECT m.extname, l.lanname
    FROM member AS m
    JOIN pg_catalog.pg_language AS l ON m.classid = 'pg_catalog.pg_language'::pg_catalog.regclass AND l.oid = m.objid
)
SELECT extname, statement FROM (
  SELECT extname, 1 AS position, pg_catalog.format('CREATE SCHEMA IF NOT EXISTS %I', nspname) AS statement
    FROM (SELECT extname, nspname FROM extension UNION SELECT extname, nspname FROM type
          UNION SELECT extname, nspname FROM relation UNION SELECT extname, nspname FROM routine) AS s
   WHERE nspname NOT IN ('pg_catalog', 'public')
  UNION ALL
  -- From here on CREATE EXTENSION IF NOT EXISTS finds it.
  SELECT extname, 2, pg_catalog.format(
           'SET allow_system_table_mods = on; INSERT INTO pg_catalog.pg_extension (oid, extname, extowner, extnamespace, '
           'extrelocatable, extversion) SELECT pg_catalog.pg_nextoid(''pg_catalog.pg_extension'', ''oid'', '
           '''pg_catalog.pg_extension_oid_index''), %L, r.oid, n.oid, false, %L FROM pg_catalog.pg_roles AS r, '
           'pg_catalog.pg_namespace AS n WHERE r.rolname = current_user AND n.nspname = %L; RESET allow_system_table_mods',
           extname, extversion, nspname)
    FROM extension
  UNION ALL
  SELECT extname, 3,
         CASE typtype WHEN 'e' THEN pg_catalog.format('CREATE TYPE %s AS ENUM (%s)', name,
                (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
                   FROM pg_catalog.pg_enum AS e WHERE e.enumtypid = type.oid))
              ELSE pg_catalog.format('CREATE DOMAIN %s AS pg_catalog.text', name) END
           || pg_catalog.format('; ALTER EXTENSION %I ADD TYPE %s', extname, name)
    FROM type
  UNION ALL
  SELECT extname, 4, pg_catalog.format('CREATE LANGUAGE %1$I HANDLER pg_catalog.plpgsql_call_handler; ALTER EXTENSION %2$I ADD LANGUAGE %1$I',
                                       lanname, extname)
    FROM language
  UNION ALL
  SELECT extname, 5, pg_catalog.format('CREATE TABLE %1$s (%2$s); ALTER EXTENSION %3$I ADD TABLE %1$s', name,
           (SELECT pg_catalog.string_agg(pg_catalog.format('%I %s', a.attname, pg_catalog.format_type(a.atttypid, NULL)), ', '
                                         ORDER BY a.attnum)
              FROM pg_catalog.pg_attribute AS a
             WHERE a.attrelid = relation.oid AND a.attnum > 0 AND NOT a.attisdropped), extname)
    FROM relation
  UNION ALL
  SELECT extname, 6, pg_catalog.format('CREATE %1$s %2$s(%3$s)%4$s LANGUAGE plpgsql%5$s AS %6$L; ALTER EXTENSION %7$I ADD %1$s %2$s(%8$s)',
           CASE prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, name, pg_catalog.pg_get_function_arguments(oid),
           ' RETURNS ' || pg_catalog.pg_get_function_result(oid),
           CASE WHEN prokind = 'p' THEN '' WHEN provolatile = 'i' THEN ' IMMUTABLE' WHEN provolatile = 's' THEN ' STABLE' ELSE '' END,
           CASE WHEN prorettype = 'pg_catalog.trigger'::pg_catalog.regtype
                  THEN 'BEGIN IF TG_OP = ''DELETE'' THEN RETURN OLD; END IF; RETURN NEW; END'
                WHEN prorettype = 'pg_catalog.event_trigger'::pg_catalog.regtype THEN 'BEGIN END'
                WHEN prorettype = 'pg_catalog.uuid'::pg_catalog.regtype AND NOT returns_nothing
                  THEN 'BEGIN RETURN pg_catalog.gen_random_uuid(); END'
                ELSE pg_catalog.format('BEGIN RAISE WARNING %L;%s END',
                       pg_catalog.replace(name, '%', '%%') || ' of extension ' || pg_catalog.replace(extname, '%', '%%')
                         || ' cannot be rehearsed: this machine does not have it',
                       CASE WHEN returns_nothing THEN '' ELSE ' RETURN NULL;' END) END,
           extname, pg_catalog.pg_get_function_identity_arguments(oid))
    FROM routine
   WHERE possible) AS all_of_it
 ORDER BY extname, position
