-- The last of a flush: the session's own search_path again. Within a transaction of the plan nothing else
-- would bring it back before its end.
SELECT pg_catalog.set_config('search_path', pg_catalog.current_setting('engine.search_path'), true)
