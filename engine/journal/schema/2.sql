-- Version 2: what a person repaired and told the journal (engine resolve).

CREATE TABLE {schema}.resolution (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run text NOT NULL REFERENCES {schema}.run (id),
  step text NOT NULL,
  status_before text NOT NULL,
  status_after text NOT NULL,
  reason text NOT NULL DEFAULT '',
  role text NOT NULL DEFAULT session_user,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
CREATE INDEX resolution_run ON {schema}.resolution (run, step);
COMMENT ON TABLE {schema}.resolution IS 'Steps whose state a person told the journal. Rows are only ever added.';
COMMENT ON COLUMN {schema}.resolution.sequence IS 'Order of the resolutions.';
COMMENT ON COLUMN {schema}.resolution.run IS 'The run.';
COMMENT ON COLUMN {schema}.resolution.step IS 'The step.';
COMMENT ON COLUMN {schema}.resolution.status_before IS 'What the journal said before; empty where it knew nothing of the step.';
COMMENT ON COLUMN {schema}.resolution.status_after IS 'What it says since.';
COMMENT ON COLUMN {schema}.resolution.reason IS 'What the person did.';
COMMENT ON COLUMN {schema}.resolution.role IS 'Who told it.';
COMMENT ON COLUMN {schema}.resolution.recorded_at IS 'When this was recorded, by the server''s clock.';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.resolution
  FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change();
COMMENT ON TRIGGER append_only ON {schema}.resolution IS 'What a person told is never rewritten.';
