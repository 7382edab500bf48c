#include "bindings/bindings_fixture.h"
#include "support/catch.h"

using engine::Code;
using test::BindingsFixture;

TEST_CASE("catalog.has_… says what is there, and false for what is not") {
  BindingsFixture bench;
  bench.database.sql(R"(
    CREATE TABLE sessions (id serial PRIMARY KEY, "Odd" text CONSTRAINT "No ""x""" CHECK ("Odd" <> 'x'));
    CREATE INDEX by_odd ON sessions ("Odd");
    CREATE POLICY "Users can view" ON sessions USING (true);
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER touch BEFORE UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION touch();
    CREATE VIEW v AS SELECT id FROM sessions; CREATE MATERIALIZED VIEW m AS SELECT 1 AS one;
    CREATE TYPE mood AS ENUM ('a'))");
  for (const char* there :
       {"has_table 'sessions'", "has_table 'public.sessions'", "has_view 'v'", "has_view 'm'",
        "has_sequence 'sessions_id_seq'", "has_column('sessions', 'Odd')",
        "has_index('sessions', 'by_odd')", "has_index('sessions', 'sessions_pkey')",
        "has_constraint('sessions', 'No \"x\"')", "has_policy('sessions', 'Users can view')",
        "has_trigger('sessions', 'touch')", "has_function 'touch()'", "has_function 'touch'",
        "has_type 'mood'", "has_role 'postgres'", "has_extension 'plpgsql'",
        "has_schema 'public'"}) {
    CAPTURE(there);
    CHECK(bench.run(std::string{"return catalog."} + there) == "true");
  }
  for (const char* absent :
       {"has_table 'v'", "has_table 'nowhere'", "has_table 'nowhere.sessions'",
        "has_view 'sessions'", "has_sequence 'sessions'", "has_column('sessions', 'odd')",
        "has_column('nowhere', 'id')", "has_index('sessions', 'id')",
        "has_constraint('sessions', 'x')", "has_policy('sessions', 'users can view')",
        "has_trigger('sessions', 'x')", "has_function 'touch(integer)'", "has_type 'touch'",
        "has_role 'Postgres'", "has_extension 'pgcrypto'", "has_schema 'Public'"}) {
    CAPTURE(absent);
    CHECK(bench.run(std::string{"return catalog."} + absent) == "false");
  }
}

TEST_CASE("catalog.describe is a table of lists, without what is not there") {
  BindingsFixture bench;
  bench.database.sql(
      "CREATE TABLE t (id integer DEFAULT 7, b text NOT NULL); COMMENT ON TABLE t IS 'it'");
  CHECK(bench.run(R"(
    local t = catalog.describe "t"
    return table.concat({ t.name, t.kind, t.comment, #t.columns, t.columns[1].default_expression,
      tostring(t.columns[2].default_expression), tostring(t.columns[2].not_null), #t.policies }, "|"))") ==
        "public.t|r|it|2|7|nil|true|0");
  CHECK(bench.run("return catalog.describe 'nowhere'") == "nil");
}

TEST_CASE("catalog.uses lists what would fall, and functions that only name it") {
  BindingsFixture bench;
  bench.database.sql(R"(CREATE TABLE t (a integer); CREATE VIEW v AS SELECT a FROM t;
    CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM t); END')");
  CHECK(bench.run(R"(
    local kinds = {}
    for _, user in ipairs(catalog.uses "t") do kinds[#kinds + 1] = user.kind .. " " .. user.name end
    return table.concat(kinds, ", "))") == "view public.v, function public.f");
  CHECK(bench.run("return #catalog.uses 'nowhere'") == "0");
  CHECK(bench.run("return #catalog.uses('t', 'nothing')") == "0");
}

TEST_CASE("a wrong argument of the catalog words is named") {
  BindingsFixture bench;
  CHECK_THAT(bench.failure("catalog.has_table(7)").message(),
             ContainsSubstring("catalog.has_table: the name must be a string"));
  CHECK(bench.failure("catalog.has_table('a', 'b')").code() == Code::argument);
  CHECK(bench.failure("catalog.has_table 'not a name'").code() == Code::argument);
  CHECK_THAT(bench.failure("catalog.has_column 'sessions'").message(),
             ContainsSubstring("the column"));
  CHECK(bench.failure("catalog.has_function 'f('").code() == Code::argument);
  CHECK_THAT(bench.failure("catalog.has_tabel 't'").message(), ContainsSubstring("has_table"));
}
