-- Version 1 of the journal. {schema} is the schema's quoted name.

COMMENT ON SCHEMA {schema} IS
  'Journal of engine, the migration plan runner: which steps of which plans committed here. Written by engine only; rollback needs it.';

CREATE TABLE {schema}.version (
  version integer PRIMARY KEY,
  engine_version text NOT NULL,
  installed_by text NOT NULL DEFAULT current_user,
  installed_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
COMMENT ON TABLE {schema}.version IS 'Versions of this schema, one row each; the highest is what stands here.';
COMMENT ON COLUMN {schema}.version.version IS 'Number of the version.';
COMMENT ON COLUMN {schema}.version.engine_version IS 'Version of the engine that installed it.';
COMMENT ON COLUMN {schema}.version.installed_by IS 'Role that installed it.';
COMMENT ON COLUMN {schema}.version.installed_at IS 'When it was installed, by the server''s clock.';

CREATE TABLE {schema}.run (
  id text PRIMARY KEY,
  sequence bigint NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE,
  plan text NOT NULL,
  plan_checksum text NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'done', 'failed', 'waiting', 'stopped', 'rolling_back', 'rolled_back')),
  epoch bigint NOT NULL DEFAULT 1,
  inputs jsonb NOT NULL DEFAULT '{}',
  state jsonb NOT NULL DEFAULT '{}',
  steps bigint,
  last_write text NOT NULL DEFAULT '',
  started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  finished_at timestamptz,
  role text NOT NULL,
  host text NOT NULL,
  engine_version text NOT NULL,
  backend_pid integer NOT NULL,
  backend_start timestamptz,
  server_version text NOT NULL,
  system_identifier bigint NOT NULL,
  database_oid oid NOT NULL
);
CREATE INDEX run_plan ON {schema}.run (plan, sequence);
COMMENT ON TABLE {schema}.run IS 'Executions of plans, one row each.';
COMMENT ON COLUMN {schema}.run.id IS 'Name of the run: UTC date and time of its start, and four random digits.';
COMMENT ON COLUMN {schema}.run.sequence IS 'Order of the runs: clocks can be set back, this cannot.';
COMMENT ON COLUMN {schema}.run.plan IS 'Id of the plan.';
COMMENT ON COLUMN {schema}.run.plan_checksum IS 'SHA-256 over the plan with its modules and SQL files, as it ran last.';
COMMENT ON COLUMN {schema}.run.status IS 'running, done, failed, waiting (a manual step), stopped (the operator ended it, or a rollback left a part), rolling_back or rolled_back.';
COMMENT ON COLUMN {schema}.run.epoch IS 'Grows each time an engine takes the run over; a step of an older epoch cannot commit.';
COMMENT ON COLUMN {schema}.run.inputs IS 'Inputs of the run by name; never a secret.';
COMMENT ON COLUMN {schema}.run.state IS 'What the plan keeps between its steps.';
COMMENT ON COLUMN {schema}.run.steps IS 'How many steps the plan had, as it ran last; NULL for a task, which has none.';
COMMENT ON COLUMN {schema}.run.last_write IS 'Name of the last transaction that recorded something besides a step''s own work: an engine that lost the answer to its COMMIT looks for it here.';
COMMENT ON COLUMN {schema}.run.started_at IS 'Start of the run, by the server''s clock.';
COMMENT ON COLUMN {schema}.run.finished_at IS 'When it reached its status; NULL while an engine works on it.';
COMMENT ON COLUMN {schema}.run.role IS 'Role that ran it last.';
COMMENT ON COLUMN {schema}.run.host IS 'Machine of the engine that ran it last.';
COMMENT ON COLUMN {schema}.run.engine_version IS 'Version of the engine that ran it last.';
COMMENT ON COLUMN {schema}.run.backend_pid IS 'Server process of the engine that ran it last.';
COMMENT ON COLUMN {schema}.run.backend_start IS 'Start of that server process: with the pid, its identity.';
COMMENT ON COLUMN {schema}.run.server_version IS 'Version of the server.';
COMMENT ON COLUMN {schema}.run.system_identifier IS 'Identity of the database cluster: another one means that this journal was copied.';
COMMENT ON COLUMN {schema}.run.database_oid IS 'OID of the database: another one means that the database was cloned or restored.';

CREATE TABLE {schema}.plan_text (
  run text NOT NULL REFERENCES {schema}.run (id),
  checksum text NOT NULL,
  source text NOT NULL,
  sequence bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  PRIMARY KEY (run, checksum)
);
COMMENT ON TABLE {schema}.plan_text IS 'Every text of the plan that a run was executed with: the first, and one for each resume with an edited plan.';
COMMENT ON COLUMN {schema}.plan_text.run IS 'The run.';
COMMENT ON COLUMN {schema}.plan_text.checksum IS 'SHA-256 over the plan with its modules and SQL files.';
COMMENT ON COLUMN {schema}.plan_text.source IS 'The plan''s text.';
COMMENT ON COLUMN {schema}.plan_text.sequence IS 'Order of the texts.';
COMMENT ON COLUMN {schema}.plan_text.recorded_at IS 'When this was recorded, by the server''s clock.';

CREATE TABLE {schema}.step (
  run text NOT NULL REFERENCES {schema}.run (id),
  step text NOT NULL,
  title text NOT NULL,
  position bigint NOT NULL,
  status text NOT NULL CHECK (status IN ('intent', 'done', 'found_done', 'skipped', 'failed', 'unverified', 'rolled_back',
                                         'rollback_failed', 'waiting')),
  checksum text NOT NULL,
  reason text NOT NULL DEFAULT '',
  rows bigint NOT NULL DEFAULT 0,
  ms bigint NOT NULL DEFAULT 0,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  PRIMARY KEY (run, step)
);
COMMENT ON TABLE {schema}.step IS 'Steps of a run as they stand: each row commits in the transaction of its step''s own work.';
COMMENT ON COLUMN {schema}.step.run IS 'The run.';
COMMENT ON COLUMN {schema}.step.step IS 'Id of the step, else its title.';
COMMENT ON COLUMN {schema}.step.title IS 'Title of the step.';
COMMENT ON COLUMN {schema}.step.position IS 'Place of the step in the plan.';
COMMENT ON COLUMN {schema}.step.status IS
  'intent (begun outside a transaction), done, found_done, skipped, failed, unverified (it stands, its checks failed), rolled_back, rollback_failed or waiting.';
COMMENT ON COLUMN {schema}.step.checksum IS 'SHA-256 over the step''s source.';
COMMENT ON COLUMN {schema}.step.reason IS 'Why it was skipped, found done, failed …';
COMMENT ON COLUMN {schema}.step.rows IS 'Rows written.';
COMMENT ON COLUMN {schema}.step.ms IS 'Duration in milliseconds.';
COMMENT ON COLUMN {schema}.step.recorded_at IS 'When this was recorded, by the server''s clock.';

CREATE TABLE {schema}.attempt (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run text NOT NULL REFERENCES {schema}.run (id),
  step text NOT NULL,
  outcome text NOT NULL,
  sqlstate text NOT NULL DEFAULT '',
  message text NOT NULL DEFAULT '',
  ms bigint NOT NULL DEFAULT 0,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
CREATE INDEX attempt_run ON {schema}.attempt (run, step);
COMMENT ON TABLE {schema}.attempt IS 'Tries of a step that did not commit.';
COMMENT ON COLUMN {schema}.attempt.sequence IS 'Order of the attempts.';
COMMENT ON COLUMN {schema}.attempt.run IS 'The run.';
COMMENT ON COLUMN {schema}.attempt.step IS 'The step.';
COMMENT ON COLUMN {schema}.attempt.outcome IS 'What became of it: failed, retried …';
COMMENT ON COLUMN {schema}.attempt.sqlstate IS 'The server''s error code, where a server spoke.';
COMMENT ON COLUMN {schema}.attempt.message IS 'What went wrong.';
COMMENT ON COLUMN {schema}.attempt.ms IS 'Duration in milliseconds.';
COMMENT ON COLUMN {schema}.attempt.recorded_at IS 'When this was recorded, by the server''s clock.';

CREATE TABLE {schema}."check" (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run text NOT NULL REFERENCES {schema}.run (id),
  step text NOT NULL,
  title text NOT NULL,
  name text NOT NULL,
  ok boolean NOT NULL,
  expected text NOT NULL,
  actual text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
CREATE INDEX check_run ON {schema}."check" (run, step);
COMMENT ON TABLE {schema}."check" IS 'Assertions that were made, kept or not.';
COMMENT ON COLUMN {schema}."check".sequence IS 'Order of the checks.';
COMMENT ON COLUMN {schema}."check".run IS 'The run.';
COMMENT ON COLUMN {schema}."check".step IS 'The step it belongs to.';
COMMENT ON COLUMN {schema}."check".title IS 'Title of the check or test that it stands in; empty in a bare verify.';
COMMENT ON COLUMN {schema}."check".name IS 'What was asserted, a sentence.';
COMMENT ON COLUMN {schema}."check".ok IS 'Whether it held.';
COMMENT ON COLUMN {schema}."check".expected IS 'What was expected.';
COMMENT ON COLUMN {schema}."check".actual IS 'What was there.';
COMMENT ON COLUMN {schema}."check".recorded_at IS 'When this was recorded, by the server''s clock.';

CREATE TABLE {schema}.answer (
  run text NOT NULL REFERENCES {schema}.run (id),
  name text NOT NULL,
  answer text NOT NULL,
  source text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  PRIMARY KEY (run, name)
);
COMMENT ON TABLE {schema}.answer IS 'What the operator answered; never a secret.';
COMMENT ON COLUMN {schema}.answer.run IS 'The run.';
COMMENT ON COLUMN {schema}.answer.name IS 'Name of the question, as flags and answers files spell it.';
COMMENT ON COLUMN {schema}.answer.answer IS 'The last answer given.';
COMMENT ON COLUMN {schema}.answer.source IS 'Where it came from: flag, answers file, prompt, default, --yes.';
COMMENT ON COLUMN {schema}.answer.recorded_at IS 'When this was recorded, by the server''s clock.';

CREATE TABLE {schema}.snapshot (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run text REFERENCES {schema}.run (id),
  step text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('snapshot', 'retired')),
  name text NOT NULL,
  table_schema text NOT NULL,
  table_name text NOT NULL,
  table_oid oid NOT NULL,
  copy_schema text NOT NULL,
  copy_name text NOT NULL,
  manifest jsonb NOT NULL,
  rows bigint NOT NULL,
  checksum text NOT NULL,
  status text NOT NULL DEFAULT 'present' CHECK (status IN ('present', 'restored', 'dropped')),
  created_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  ended_at timestamptz
);
CREATE INDEX snapshot_name ON {schema}.snapshot (name, id);
COMMENT ON TABLE {schema}.snapshot IS 'Backups of tables within this database, with all that makes each the table it was.';
COMMENT ON COLUMN {schema}.snapshot.id IS 'Number of the backup; a higher one is newer.';
COMMENT ON COLUMN {schema}.snapshot.run IS 'The run that took it; NULL where no run did.';
COMMENT ON COLUMN {schema}.snapshot.step IS 'The step that took it.';
COMMENT ON COLUMN {schema}.snapshot.kind IS 'snapshot: rows were copied; retired: the table itself was moved away.';
COMMENT ON COLUMN {schema}.snapshot.name IS 'Name that the plan uses for it.';
COMMENT ON COLUMN {schema}.snapshot.table_schema IS 'Schema of the table.';
COMMENT ON COLUMN {schema}.snapshot.table_name IS 'Name of the table.';
COMMENT ON COLUMN {schema}.snapshot.table_oid IS 'OID of the table when the backup was taken.';
COMMENT ON COLUMN {schema}.snapshot.copy_schema IS 'Schema of the table that holds the rows.';
COMMENT ON COLUMN {schema}.snapshot.copy_name IS 'Name of the table that holds the rows.';
COMMENT ON COLUMN {schema}.snapshot.manifest IS 'Definition of the table with owner, rights, policies, triggers and dependents.';
COMMENT ON COLUMN {schema}.snapshot.rows IS 'Number of rows.';
COMMENT ON COLUMN {schema}.snapshot.checksum IS 'Checksum over the rows, whatever their order.';
COMMENT ON COLUMN {schema}.snapshot.status IS 'present, restored or dropped.';
COMMENT ON COLUMN {schema}.snapshot.created_at IS 'When it was taken, by the server''s clock.';
COMMENT ON COLUMN {schema}.snapshot.ended_at IS 'When it was restored or dropped.';

CREATE TABLE {schema}.event (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run text REFERENCES {schema}.run (id),
  step text NOT NULL,
  event text NOT NULL,
  data jsonb NOT NULL DEFAULT '{}',
  recorded_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
CREATE INDEX event_run ON {schema}.event (run);
COMMENT ON TABLE {schema}.event IS 'What happened, in order. Rows are only ever added.';
COMMENT ON COLUMN {schema}.event.sequence IS 'Order of the events.';
COMMENT ON COLUMN {schema}.event.run IS 'The run; NULL outside of one.';
COMMENT ON COLUMN {schema}.event.step IS 'The step; empty outside of one.';
COMMENT ON COLUMN {schema}.event.event IS 'What happened.';
COMMENT ON COLUMN {schema}.event.data IS 'More about it.';
COMMENT ON COLUMN {schema}.event.recorded_at IS 'When this was recorded, by the server''s clock.';

CREATE FUNCTION {schema}.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'rows of %.% are only ever added', TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'object_not_in_prerequisite_state';
END
$$;
COMMENT ON FUNCTION {schema}.refuse_change() IS 'Keeps a table append-only.';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.event
  FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change();
COMMENT ON TRIGGER append_only ON {schema}.event IS 'The log of events is never rewritten.';
