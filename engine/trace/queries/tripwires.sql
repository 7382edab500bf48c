-- Event triggers of the shadow. What DDL did, also inside functions and DO blocks, is told as notices of SQLSTATE
-- ENG01, since rows that they wrote would go with a rollback; so would locks that a subtransaction gives back.
CREATE SCHEMA engine_trace;

CREATE FUNCTION engine_trace.tell_commands() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  command record;
BEGIN
  FOR command IN SELECT * FROM pg_catalog.pg_event_trigger_ddl_commands() LOOP
    RAISE NOTICE USING ERRCODE = 'ENG01', MESSAGE = pg_catalog.json_build_object(
      'event', 'command', 'tag', command.command_tag, 'type', command.object_type,
      'object', command.object_identity, 'reason', 0, 'cascade', false);
  END LOOP;
  RAISE NOTICE USING ERRCODE = 'ENG01', MESSAGE = pg_catalog.json_build_object(
    'event', 'locks', 'locks', (
      SELECT pg_catalog.json_agg(pg_catalog.json_build_array(l.relation::bigint, l.mode)) FROM pg_catalog.pg_locks AS l
       WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND l.relation >= 16384));
END $$;

CREATE FUNCTION engine_trace.tell_drops() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  dropped record;
BEGIN
  FOR dropped IN SELECT * FROM pg_catalog.pg_event_trigger_dropped_objects() LOOP
    CONTINUE WHEN dropped.is_temporary
             OR dropped.object_type = 'rule' AND dropped.object_identity LIKE '"\_RETURN" on %'; -- what makes a view one
    RAISE NOTICE USING ERRCODE = 'ENG01', MESSAGE = pg_catalog.json_build_object(
      'event', CASE WHEN dropped.original THEN 'dropped' ELSE 'taken' END, 'tag', '', 'type', dropped.object_type,
      'object', dropped.object_identity, 'reason', 0, 'cascade', dropped.normal AND NOT dropped.original);
  END LOOP;
END $$;

CREATE FUNCTION engine_trace.tell_rewrite() RETURNS event_trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  relation oid := pg_catalog.pg_event_trigger_table_rewrite_oid();
BEGIN
  RAISE NOTICE USING ERRCODE = 'ENG01', MESSAGE = pg_catalog.json_build_object(
    'event', 'rewrite', 'tag', '', 'type', 'table',
    'object', (SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class AS c
               JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = relation),
    'reason', pg_catalog.pg_event_trigger_table_rewrite_reason(), 'cascade', false);
END $$;

CREATE EVENT TRIGGER engine_trace_commands ON ddl_command_end EXECUTE FUNCTION engine_trace.tell_commands();
CREATE EVENT TRIGGER engine_trace_drops ON sql_drop EXECUTE FUNCTION engine_trace.tell_drops();
CREATE EVENT TRIGGER engine_trace_rewrite ON table_rewrite EXECUTE FUNCTION engine_trace.tell_rewrite();
