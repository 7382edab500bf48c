CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO anon, authenticated, service_role, reader;
-- As on Supabase: what is made without thought is open.
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT, INSERT ON TABLES TO anon;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT ALL ON TABLES TO authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT ALL ON SEQUENCES TO anon;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO anon;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO anon;

CREATE TYPE app.state AS ENUM ('open', 'closed');
CREATE DOMAIN app.short AS text CHECK (length(VALUE) < 50);
CREATE SEQUENCE app.ticket_seq START 1000 INCREMENT 5;

CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  NEW.title := NEW.title || '!';
  RETURN NEW;
END
$$;
CREATE FUNCTION app.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'no % on %', TG_OP, TG_TABLE_NAME;
END
$$;

CREATE TABLE app.users (id int PRIMARY KEY, name text NOT NULL);

CREATE TABLE app.sessions (
  id bigint GENERATED ALWAYS AS IDENTITY (START 10) PRIMARY KEY,
  user_id int NOT NULL CONSTRAINT sessions_user REFERENCES app.users ON DELETE CASCADE,
  number serial,
  ticket int DEFAULT nextval('app.ticket_seq'),
  title app.short NOT NULL DEFAULT 'none',
  state app.state DEFAULT 'open',
  body jsonb DEFAULT '{}',
  raw json,
  place point,
  price numeric(10, 2) CONSTRAINT price_is_positive CHECK (price >= 0),
  words int GENERATED ALWAYS AS (length(title)) STORED,
  parent bigint CONSTRAINT sessions_parent REFERENCES app.sessions,
  code text COLLATE "C" NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT one_per_user UNIQUE (user_id, code) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT number_once EXCLUDE USING btree (number WITH =)
);
ALTER TABLE app.sessions SET (fillfactor = 80, toast.autovacuum_enabled = false);
ALTER TABLE app.sessions ALTER COLUMN body SET STORAGE external, ALTER COLUMN title SET STATISTICS 300,
  ALTER COLUMN price SET (n_distinct = -0.5);
CREATE INDEX sessions_open ON app.sessions (user_id) INCLUDE (code) WHERE state = 'open';
CREATE INDEX sessions_title ON app.sessions (lower(title), (body ->> 'x') DESC NULLS LAST);
ALTER INDEX app.sessions_title ALTER COLUMN 1 SET STATISTICS 77;
CREATE UNIQUE INDEX sessions_number ON app.sessions (number) WITH (fillfactor = 60);
ALTER TABLE app.sessions ALTER COLUMN number SET NOT NULL, REPLICA IDENTITY USING INDEX sessions_number, CLUSTER ON sessions_number;
CREATE STATISTICS app.sessions_stats (dependencies) ON user_id, state FROM app.sessions;
ALTER STATISTICS app.sessions_stats SET STATISTICS 55;

INSERT INTO app.users SELECT g, 'user ' || g FROM generate_series(1, 40) g;
INSERT INTO app.sessions (user_id, title, raw, place, price, code, updated_at, body)
  SELECT 1 + g % 40, 'title ' || g, '{"a": 1, "a": 2}', point(g, -g), CASE WHEN g % 7 > 0 THEN g + 0.5 END, 'c' || g,
         '2026-01-01 00:00:00+00'::timestamptz + g * interval '1 s', jsonb_build_object('x', g)
    FROM generate_series(1, 300) g;
UPDATE app.sessions SET parent = id - 1 WHERE id % 3 = 0 AND id > 10;
ALTER TABLE app.sessions ADD CONSTRAINT price_is_odd CHECK (price <> 2.5) NOT VALID;

CREATE TRIGGER touched BEFORE UPDATE ON app.sessions FOR EACH ROW WHEN (old.title IS DISTINCT FROM new.title)
  EXECUTE FUNCTION app.touch();
CREATE TRIGGER no_delete BEFORE DELETE ON app.sessions FOR EACH ROW EXECUTE FUNCTION app.refuse();
ALTER TABLE app.sessions DISABLE TRIGGER no_delete;
CREATE TRIGGER always_touched BEFORE INSERT ON app.sessions FOR EACH ROW EXECUTE FUNCTION app.touch();
ALTER TABLE app.sessions ENABLE ALWAYS TRIGGER always_touched;
CREATE RULE no_insert AS ON INSERT TO app.sessions WHERE new.code = 'never' DO INSTEAD NOTHING;
CREATE RULE kept AS ON DELETE TO app.sessions DO INSTEAD NOTHING;
ALTER TABLE app.sessions DISABLE RULE kept;

ALTER TABLE app.sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON app.sessions FOR SELECT TO authenticated USING (user_id = 1);
CREATE POLICY make ON app.sessions FOR INSERT TO authenticated WITH CHECK (user_id = 1);
CREATE POLICY known ON app.sessions AS RESTRICTIVE USING (EXISTS (SELECT FROM app.users u WHERE u.id = user_id));
REVOKE ALL ON app.sessions FROM anon, service_role;
GRANT SELECT (id, title), UPDATE (title) ON app.sessions TO anon;
GRANT SELECT ON app.sessions TO reader WITH GRANT OPTION;
REVOKE ALL ON SEQUENCE app.sessions_number_seq FROM anon;
REVOKE TRUNCATE ON app.sessions FROM authenticated;

COMMENT ON TABLE app.sessions IS 'It''s the table';
COMMENT ON COLUMN app.sessions.title IS 'A title';
COMMENT ON CONSTRAINT one_per_user ON app.sessions IS 'Once';
COMMENT ON INDEX app.sessions_title IS 'By title';
COMMENT ON TRIGGER touched ON app.sessions IS 'Touches';
COMMENT ON POLICY own ON app.sessions IS 'Own ones';
COMMENT ON RULE kept ON app.sessions IS 'Keeps';
COMMENT ON STATISTICS app.sessions_stats IS 'Together';
COMMENT ON SEQUENCE app.sessions_number_seq IS 'Numbers';

-- What hangs on it.
CREATE TABLE app.messages (
  id int PRIMARY KEY,
  session_id bigint NOT NULL CONSTRAINT messages_session REFERENCES app.sessions ON DELETE CASCADE,
  text text
);
CREATE TRIGGER no_message_goes BEFORE DELETE OR UPDATE ON app.messages FOR EACH ROW EXECUTE FUNCTION app.refuse();
ALTER TABLE app.messages DISABLE TRIGGER no_message_goes;
CREATE TABLE app.reactions (message_id int NOT NULL REFERENCES app.messages ON DELETE CASCADE, emoji text);
CREATE TABLE app.links (id int PRIMARY KEY, session_id bigint REFERENCES app.sessions ON DELETE SET NULL, url text);
CREATE TABLE app.invoices (id int PRIMARY KEY, session_id bigint REFERENCES app.sessions, amount int);
COMMENT ON CONSTRAINT messages_session ON app.messages IS 'Goes with it';
INSERT INTO app.messages SELECT g, 10 + g % 300, 'message ' || g FROM generate_series(1, 500) g;
INSERT INTO app.reactions SELECT 1 + g % 500, CASE g % 2 WHEN 0 THEN 'yes' ELSE 'no' END FROM generate_series(1, 700) g;
INSERT INTO app.links SELECT g, CASE WHEN g % 2 = 0 THEN 10 + g END, 'https://example.org/' || g FROM generate_series(1, 100) g;
INSERT INTO app.invoices SELECT g, 20 + g, g FROM generate_series(1, 20) g;

CREATE VIEW app.open_sessions WITH (security_barrier) AS SELECT id, user_id, title AS name FROM app.sessions WHERE state = 'open';
ALTER VIEW app.open_sessions ALTER COLUMN name SET DEFAULT 'unnamed';
COMMENT ON VIEW app.open_sessions IS 'Open ones';
COMMENT ON COLUMN app.open_sessions.name IS 'The title';
CREATE VIEW app.counts AS SELECT s.user_id, count(*) AS sessions, count(o.id) AS open
  FROM app.sessions s LEFT JOIN app.open_sessions o ON o.id = s.id GROUP BY s.user_id;
REVOKE ALL ON app.counts FROM anon, authenticated, service_role;
GRANT SELECT ON app.counts TO reader;
CREATE FUNCTION app.refuse_view() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER instead INSTEAD OF INSERT ON app.counts FOR EACH ROW EXECUTE FUNCTION app.refuse_view();
CREATE MATERIALIZED VIEW app.totals AS SELECT user_id, sum(price) AS total FROM app.sessions GROUP BY user_id;
CREATE UNIQUE INDEX totals_user ON app.totals (user_id);
COMMENT ON MATERIALIZED VIEW app.totals IS 'Totals';
CREATE MATERIALIZED VIEW app.empty_totals AS SELECT count(*) AS n FROM app.totals WITH NO DATA;
REVOKE ALL ON app.totals FROM anon;
CREATE FUNCTION app.sessions_of(one int) RETURNS SETOF app.sessions LANGUAGE sql STABLE
  AS 'SELECT * FROM app.sessions WHERE user_id = one';
REVOKE EXECUTE ON FUNCTION app.sessions_of(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.sessions_of(int) TO authenticated;
COMMENT ON FUNCTION app.sessions_of(int) IS 'Of one user';
CREATE TABLE app.notes (id int PRIMARY KEY, session_id bigint, note text);
ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_session ON app.notes USING (EXISTS (SELECT FROM app.sessions s WHERE s.id = session_id AND s.title <> ''));
CREATE PUBLICATION shop_changes FOR TABLE app.sessions, app.users;
