-- Before the scripts: which objects are there already. Their privileges are left as they are.
SELECT pg_catalog.set_config('engine.standing', COALESCE(pg_catalog.string_agg(o.oid::text, ','), ''), true)
  FROM (SELECT oid FROM pg_catalog.pg_class WHERE relnamespace = pg_catalog.to_regnamespace($1)
        UNION ALL
        SELECT oid FROM pg_catalog.pg_proc WHERE pronamespace = pg_catalog.to_regnamespace($1)) AS o
