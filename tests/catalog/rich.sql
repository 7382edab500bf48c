-- One table with every feature that the catalog reader, the printer and the fingerprint know, and what stands
-- around it. Runs on PostgreSQL 14 to 18, as superuser, after rich_ground.sql.
CREATE SEQUENCE app.free_seq START 1000 INCREMENT 5 CYCLE MAXVALUE 2000;
SELECT setval('app.free_seq', 1010, false);

CREATE TABLE app.parent (a integer, b integer, PRIMARY KEY (a, b));
INSERT INTO app.parent VALUES (1, 1), (2, 2);

CREATE TABLE app.t (
  gone text,
  id bigint GENERATED ALWAYS AS IDENTITY (START WITH 10 INCREMENT BY 2 CACHE 3),
  serial_number serial NOT NULL,
  free integer DEFAULT nextval('app.free_seq'),
  name varchar(20) COLLATE "C" NOT NULL DEFAULT 'it''s',
  name_length integer GENERATED ALWAYS AS (length(name)) STORED,
  mood app.mood DEFAULT 'calm',
  done app.percent,
  tags text[] DEFAULT '{}',
  body text COMPRESSION pglz,
  raw bytea,
  during tstzrange,
  pa integer,
  pb integer,
  self_id bigint,
  who text DEFAULT app.me(),
  "Odd ""Column"" é" integer DEFAULT 7,
  price numeric(10, 2),
  CONSTRAINT t_pkey PRIMARY KEY (id) INCLUDE (name),
  CONSTRAINT t_serial_key UNIQUE (serial_number) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT t_during_excl EXCLUDE USING gist (during WITH &&) WHERE (pa IS NOT NULL),
  CONSTRAINT "Price ""positive""" CHECK (price > 0) NO INHERIT,
  CONSTRAINT t_self_fkey FOREIGN KEY (self_id) REFERENCES app.t ON DELETE SET NULL
) WITH (fillfactor = 70, toast.autovacuum_enabled = false);
ALTER TABLE app.t DROP COLUMN gone;
ALTER TABLE app.t ADD COLUMN added integer NOT NULL DEFAULT 3;
INSERT INTO app.t (name, price, pa, pb) SELECT 'name ' || n, n, 1, 1 FROM generate_series(1, 3) n;
ALTER TABLE app.t ADD CONSTRAINT t_parent_fkey FOREIGN KEY (pa, pb) REFERENCES app.parent (a, b)
  MATCH FULL ON UPDATE CASCADE ON DELETE CASCADE NOT VALID;
ALTER TABLE app.t ADD CONSTRAINT t_name_check CHECK (length(name) < 15) NOT VALID;

ALTER TABLE app.t ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE app.t ALTER COLUMN price SET STATISTICS 321;
ALTER TABLE app.t ALTER COLUMN price SET (n_distinct = -0.5);

CREATE INDEX t_partial ON app.t (pa) WHERE done > 50;
CREATE INDEX t_expression ON app.t (lower(name), name text_pattern_ops DESC NULLS LAST) INCLUDE (pa, pb) WITH (fillfactor = 50);
ALTER INDEX app.t_expression ALTER COLUMN 1 SET STATISTICS 111;
CREATE UNIQUE INDEX t_identity ON app.t (added, id);
CREATE INDEX "Odd ""Index"" é" ON app.t USING gin (tags);
ALTER TABLE app.t REPLICA IDENTITY USING INDEX t_identity;
ALTER TABLE app.t CLUSTER ON t_serial_key;
ALTER INDEX app.t_pkey SET (fillfactor = 60);

CREATE TRIGGER touch_on BEFORE INSERT OR UPDATE OF name ON app.t FOR EACH ROW WHEN (NEW.pa > 0) EXECUTE FUNCTION app.touch();
CREATE TRIGGER touch_off AFTER DELETE ON app.t FOR EACH STATEMENT EXECUTE FUNCTION app.touch();
CREATE TRIGGER touch_always BEFORE UPDATE ON app.t FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE TRIGGER touch_replica BEFORE UPDATE ON app.t FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE CONSTRAINT TRIGGER touch_later AFTER INSERT ON app.t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.touch();
ALTER TABLE app.t DISABLE TRIGGER touch_off;
ALTER TABLE app.t ENABLE ALWAYS TRIGGER touch_always;
ALTER TABLE app.t ENABLE REPLICA TRIGGER touch_replica;

CREATE RULE keep AS ON DELETE TO app.t WHERE OLD.added = 99 DO INSTEAD NOTHING;
CREATE RULE off AS ON DELETE TO app.t WHERE OLD.added = 98 DO INSTEAD NOTHING;
ALTER TABLE app.t DISABLE RULE off;

ALTER TABLE app.t ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.t FORCE ROW LEVEL SECURITY;
CREATE POLICY "Own rows, ""quoted""" ON app.t FOR SELECT TO rich_reader, "Odd ""Role""" USING (who = app.me());
CREATE POLICY everyone ON app.t USING (true) WITH CHECK (pa IS NOT NULL);
CREATE POLICY narrow ON app.t AS RESTRICTIVE FOR INSERT TO rich_reader WITH CHECK (pb > 0);

CREATE STATISTICS app.t_stats (dependencies, ndistinct) ON pa, pb FROM app.t;
ALTER STATISTICS app.t_stats SET STATISTICS 77;
CREATE STATISTICS app.t_expression_stats ON (lower(name)), pa FROM app.t;

ALTER TABLE app.t OWNER TO rich_owner;
REVOKE ALL ON app.t FROM rich_reader;
REVOKE TRUNCATE ON app.t FROM rich_owner;
GRANT SELECT ON app.t TO PUBLIC;
GRANT SELECT, UPDATE ON app.t TO "Odd ""Role""" WITH GRANT OPTION;
SET ROLE "Odd ""Role""";
GRANT SELECT ON app.t TO rich_reader;
RESET ROLE;
GRANT INSERT (name), UPDATE (name, "Odd ""Column"" é") ON app.t TO rich_reader;
GRANT USAGE ON SEQUENCE app.t_serial_number_seq TO rich_reader;
GRANT SELECT ON SEQUENCE app.t_id_seq TO PUBLIC;

COMMENT ON TABLE app.t IS 'A table with ''everything''';
COMMENT ON COLUMN app.t."Odd ""Column"" é" IS E'back\\slash and\nline';
COMMENT ON CONSTRAINT t_pkey ON app.t IS 'its key';
COMMENT ON INDEX app.t_partial IS 'some';
COMMENT ON TRIGGER touch_on ON app.t IS 'touches';
COMMENT ON POLICY everyone ON app.t IS 'all of them';
COMMENT ON RULE keep ON app.t IS 'keeps';
COMMENT ON STATISTICS app.t_stats IS 'counts';
COMMENT ON SEQUENCE app.t_serial_number_seq IS 'numbers';

CREATE TABLE app.child (
  id integer PRIMARY KEY,
  t_id bigint CONSTRAINT child_t_fkey REFERENCES app.t ON DELETE CASCADE,
  t_serial integer
);
COMMENT ON CONSTRAINT child_t_fkey ON app.child IS 'to the table';
CREATE TABLE app."Child ""2""" (t_id bigint REFERENCES app.t DEFERRABLE);
ALTER TABLE app."Child ""2""" ENABLE ROW LEVEL SECURITY;
CREATE POLICY through_t ON app."Child ""2""" USING (EXISTS (SELECT FROM app.t WHERE t.id = t_id));

ALTER PUBLICATION rich_publication ADD TABLE app.t;

CREATE VIEW app.v AS SELECT id, name AS "Odd Name", price * 2 AS twice FROM app.t WHERE price > 1;
ALTER VIEW app.v SET (security_barrier = true);
ALTER VIEW app.v ALTER COLUMN twice SET DEFAULT 4;
COMMENT ON VIEW app.v IS 'seen';
COMMENT ON COLUMN app.v.twice IS 'two times';
ALTER VIEW app.v OWNER TO rich_owner;
GRANT SELECT ON app.v TO rich_reader;
CREATE TRIGGER instead INSTEAD OF INSERT ON app.v FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE VIEW app.v_of_v WITH (check_option = local) AS SELECT id FROM app.v;
CREATE MATERIALIZED VIEW app.m WITH (fillfactor = 80) AS SELECT id, twice FROM app.v WITH NO DATA;
CREATE UNIQUE INDEX m_id ON app.m (id);
COMMENT ON MATERIALIZED VIEW app.m IS 'kept';
CREATE FUNCTION app.of_row(app.t) RETURNS bigint LANGUAGE sql AS $$ SELECT $1.id $$;
CREATE FUNCTION app.in_body() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM app.t); END $$;

CREATE TABLE app.measured (at date NOT NULL, value integer, PRIMARY KEY (at)) PARTITION BY RANGE (at);
CREATE TABLE app.measured_2024 PARTITION OF app.measured FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE app.measured_rest PARTITION OF app.measured DEFAULT;
CREATE INDEX measured_value ON app.measured (value);
CREATE TRIGGER measured_touch BEFORE UPDATE ON app.measured FOR EACH ROW EXECUTE FUNCTION app.touch();

CREATE TABLE app.base (id integer NOT NULL CONSTRAINT base_id CHECK (id > 0), note text DEFAULT 'base');
CREATE TABLE app.derived (extra text) INHERITS (app.base);
ALTER TABLE app.derived ALTER COLUMN note SET DEFAULT 'derived';
CREATE UNLOGGED TABLE app.scratch (id integer GENERATED BY DEFAULT AS IDENTITY);
