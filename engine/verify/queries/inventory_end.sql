-- The last of a flush: the session's own search_path again.
SELECT pg_catalog.set_config('search_path', pg_catalog.current_setting('engine.search_path'), true)
