-- Before functions.sql: finds the types $1 by the session's search_path. It runs on that path, and holds no operator.
SELECT pg_catalog.set_config('engine.argument_types', coalesce(
         (SELECT pg_catalog.string_agg(coalesce(pg_catalog.to_regtype(w.type)::pg_catalog.oid, 0)::pg_catalog.text,
                                       ',' ORDER BY w.position)
          FROM pg_catalog.unnest($1::pg_catalog.text[]) WITH ORDINALITY AS w (type, position)), ''), true)
