#include <sstream>

#include "bindings/expecting.h"

using test::Expecting;

namespace {

const std::string setup = R"sql(
  CREATE TABLE t (id integer PRIMARY KEY, label text DEFAULT 'x');
  CREATE TABLE other (id integer REFERENCES t);
  CREATE INDEX other_id ON other (id);
  CREATE SCHEMA app;
  CREATE VIEW seen AS SELECT id FROM t;
  CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER touched BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
  CREATE POLICY own ON t USING (id > 0);
  CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
  CREATE SEQUENCE numbers;
  CREATE TYPE mood AS ENUM ('calm');
  CREATE DOMAIN positive AS integer CONSTRAINT above CHECK (VALUE > 0);
  CREATE AGGREGATE total(integer) (sfunc = int4pl, stype = integer);
  CREATE TEXT SEARCH CONFIGURATION words (copy = simple);
  CREATE COLLATION german (provider = icu, locale = 'de');
  CREATE PUBLICATION changes FOR TABLE t;
  CREATE FOREIGN DATA WRAPPER remote;
  CREATE SERVER warehouse FOREIGN DATA WRAPPER remote;
  CREATE FOREIGN TABLE far (id integer) SERVER warehouse;
)sql";

std::string with_name(std::string change, const std::string& database) {
  const auto at = change.find("{database}");
  return at == std::string::npos ? change : change.replace(at, 10, database);
}

/// What the checks said, besides that the database exists.
std::string unchanged(Expecting& expect, const std::string& code) {
  std::istringstream lines{expect.checks(code)};
  std::string said;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("ok database ")) said += said.empty() ? line : "\n" + line;
  }
  return said;
}

/// What the check says after one change, without the exceptions of others.
std::string said_after(const std::string& change) {
  Expecting expect{setup};
  const std::string said =
      unchanged(expect, "local before = catalog.picture() db.exec [=[" + change +
                            "]=] expect.database() :unchanged_except({}, "
                            "{ since = before })");
  const std::string begin = "NOT nothing has changed | no change | ";
  return said.starts_with(begin) ? said.substr(begin.size()) : said;
}

}  // namespace

TEST_CASE("a change of anything in the catalog is seen and named") {
  const std::vector<std::pair<std::string, std::string>> changes{
      {"CREATE TABLE app.fresh (id integer)", "table app.fresh is new"},
      {"DROP TABLE other", "table public.other is gone"},
      {"ALTER TABLE t ADD COLUMN name text", "table public.t: column name added"},
      {"ALTER TABLE t ALTER label SET DEFAULT 'y'", "table public.t: column label changed"},
      {"ALTER TABLE t ALTER label TYPE varchar(9)", "table public.t: column label changed"},
      {"COMMENT ON COLUMN t.label IS 'why'", "table public.t: column label changed"},
      {"GRANT SELECT (label) ON t TO pg_monitor", "table public.t: column label changed"},
      {"GRANT SELECT ON t TO pg_monitor", "table public.t: privileges of pg_monitor added"},
      {"ALTER TABLE t OWNER TO pg_monitor", "table public.t: owner changed"},
      {"ALTER TABLE t ADD CHECK (id > 0)", "table public.t: constraint t_id_check added"},
      {"ALTER TABLE other DROP CONSTRAINT other_id_fkey",
       "table public.other: constraint other_id_fkey removed"},
      {"DROP INDEX other_id", "table public.other: index other_id removed"},
      {"ALTER TABLE t ENABLE ROW LEVEL SECURITY", "table public.t: row security changed"},
      {"ALTER POLICY own ON t USING (id > 1)", "table public.t: policy own changed"},
      {"ALTER TABLE t DISABLE TRIGGER touched", "table public.t: trigger touched changed"},
      {"ALTER TABLE t REPLICA IDENTITY FULL", "table public.t: replica identity changed"},
      {"CREATE STATISTICS both_columns ON id, label FROM t",
       "table public.t: statistics public.both_columns added"},
      {"CREATE OR REPLACE VIEW seen AS SELECT id FROM t WHERE id > 1",
       "view public.seen: view definition changed"},
      {"ALTER VIEW seen SET (security_barrier = true)", "view public.seen: options added"},
      {"CREATE OR REPLACE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 2'",
       "function public.f(): source changed"},
      {"CREATE OR REPLACE FUNCTION f() RETURNS integer LANGUAGE sql RETURN 2", "public.f(): body"},
      {"ALTER FUNCTION f() PARALLEL SAFE", "function public.f(): parallel changed"},
      {"ALTER FUNCTION f() SET search_path = ''", "function public.f(): settings added"},
      {"REVOKE EXECUTE ON FUNCTION f() FROM public",
       "function public.f(): privileges of PUBLIC removed"},
      {"CREATE OR REPLACE AGGREGATE total(integer) (sfunc = int4mul, stype = integer)",
       "aggregate public.total(integer): definition changed"},
      {"ALTER SEQUENCE numbers INCREMENT 2", "sequence public.numbers: increment changed"},
      {"ALTER TYPE mood ADD VALUE 'busy'", "enum public.mood: labels changed"},
      {"REVOKE USAGE ON TYPE mood FROM public", "enum public.mood: privileges of PUBLIC removed"},
      {"ALTER DOMAIN positive RENAME CONSTRAINT above TO over",
       "domain public.positive: constraint above removed; domain public.positive: constraint over "
       "added"},
      {"CREATE TYPE pair AS (a integer)", "composite public.pair is new"},
      {"ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO pg_monitor",
       "default privileges of postgres in app on tables is new"},
      {"GRANT CREATE ON SCHEMA app TO pg_monitor", "schema app: privileges of pg_monitor added"},
      {"GRANT CREATE ON DATABASE {database} TO pg_monitor",
       "database this: privileges of pg_monitor added"},
      {"ALTER DATABASE {database} SET work_mem = '5MB'", "database this: settings added"},
      {"CREATE ROLE somebody_new", "role somebody_new is new"},
      {"GRANT pg_monitor TO pg_signal_backend", "role pg_monitor: member pg_signal_backend added"},
      {"ALTER TEXT SEARCH CONFIGURATION words DROP MAPPING FOR email",
       "text search configuration public.words: definition changed"},
      {"ALTER COLLATION german RENAME TO deutsch", "collation public.deutsch is new"},
      {"ALTER PUBLICATION changes SET (publish = 'insert')", "publication changes: delete changed"},
      {"ALTER SERVER warehouse OPTIONS (host 'w')", "server warehouse: options added"},
      {"CREATE USER MAPPING FOR public SERVER warehouse OPTIONS (password 'secret')",
       "user mapping of public on warehouse is new"},
      {"ALTER FOREIGN TABLE far OPTIONS (table 'far')", "foreign table public.far: options added"},
      {"REVOKE EXECUTE ON FUNCTION pg_sleep(float8) FROM public",
       "built-in function pg_sleep(double precision) is new"},
      {"REVOKE USAGE ON LANGUAGE plpgsql FROM public",
       "language plpgsql: privileges of PUBLIC removed"},
      {"CREATE EVENT TRIGGER watch ON sql_drop EXECUTE FUNCTION watch()",
       "event trigger watch is new"},
      {"CREATE CAST (mood AS integer) WITH INOUT", "cast public.mood AS integer is new"},
  };
  Expecting expect{setup};
  expect.run("state.before = catalog.picture()");
  const std::string database =
      expect.session.connection().query("SELECT current_database() AS name").text(0, "name");
  // Some at a time, since looking at everything takes a while; neighbours in the list, which may
  // change the same thing, never together.
  constexpr std::size_t rounds = 8;
  for (std::size_t round = 0; round < rounds; ++round) {
    expect.sql("SAVEPOINT change");
    for (std::size_t i = round; i < changes.size(); i += rounds)
      expect.sql(with_name(changes[i].first, database));
    const std::string found =
        unchanged(expect, "expect.database() :unchanged_except({}, { since = state.before })");
    for (std::size_t i = round; i < changes.size(); i += rounds) {
      INFO(changes[i].first);
      CHECK_THAT(found, ContainsSubstring(changes[i].second));
    }
    expect.sql("ROLLBACK TO SAVEPOINT change");
  }
  CHECK(unchanged(expect, "expect.database() :unchanged_except({}, { since = state.before })") ==
        "ok nothing has changed");
}

TEST_CASE("what is named may change, and everything else stays as it was") {
  Expecting expect{setup};
  const std::string said = unchanged(expect, R"lua(
    local before = catalog.picture()
    local function unchanged(except) expect.database() :unchanged_except(except, { since = before }) end
    unchanged()
    db.exec "INSERT INTO t VALUES (1)"
    db.exec "SELECT nextval('numbers')"
    unchanged()
    db.exec "ALTER TABLE t ADD COLUMN name text"
    db.exec "CREATE TABLE app.new (id integer)"
    unchanged { "t", "schema app" }
    unchanged { "t: column name", "table app.new" }
    unchanged "table public.t"
    unchanged { "name", "app.new" }
  )lua");
  CHECK(said ==
        "ok nothing has changed\n"
        "ok nothing has changed\n"
        "ok nothing has changed but t and schema app\n"
        "ok nothing has changed but t: column name and table app.new\n"
        "NOT nothing has changed but table public.t | no change | table app.new is new\n"
        "NOT nothing has changed but name and app.new | no change | table public.t: column name "
        "added");
}

TEST_CASE("what came back as it was is no change, whatever happened in between") {
  CHECK(said_after("GRANT SELECT ON t TO pg_monitor; REVOKE SELECT ON t FROM pg_monitor;"
                   "REVOKE EXECUTE ON FUNCTION f() FROM public;"
                   "GRANT EXECUTE ON FUNCTION f() TO public;"
                   "ALTER TABLE t ADD COLUMN name text; ALTER TABLE t DROP COLUMN name;"
                   "DROP POLICY own ON t; CREATE POLICY own ON t USING (id > 0)") ==
        "ok nothing has changed");
}

TEST_CASE(
    "columns that stand in another order are a change, and a column more is not one of others") {
  CHECK(said_after("ALTER TABLE other ADD COLUMN a integer") ==
        "table public.other: column a added");
  Expecting expect{"CREATE TABLE two (a integer, b integer)"};
  CHECK_THAT(unchanged(expect, R"lua(
    local before = catalog.picture()
    db.exec "DROP TABLE two"
    db.exec "CREATE TABLE two (b integer, a integer)"
    expect.database() :unchanged_except({}, { since = before })
  )lua"),
             ContainsSubstring("table public.two: order of columns changed"));
}

TEST_CASE("many changes are counted, not printed") {
  CHECK_THAT(said_after("DO $$ BEGIN FOR i IN 1..20 LOOP "
                        "EXECUTE format('CREATE TABLE app.t%s ()', i); END LOOP; END $$"),
             ContainsSubstring("; 8 more"));
}

TEST_CASE("a picture survives the state of a run; without one outside a run, the check says so") {
  Expecting expect{setup};
  CHECK(unchanged(expect,
                  "state.before = catalog.picture() expect.database() "
                  ":unchanged_except({}, { since = state.before })") == "ok nothing has changed");
  const auto none = expect.failure("expect.database() :unchanged_except()");
  CHECK_THAT(none.message(),
             ContainsSubstring("has no picture of the catalog from the run's start"));
  CHECK_THAT(none.hint(), ContainsSubstring("{ since = catalog.picture() }"));
  CHECK_THAT(expect.failure("expect.database() :unchanged_except({}, { since = {} })").message(),
             ContainsSubstring("since must be a result of catalog.picture"));
}
