#include <algorithm>

#include "catalog/catalog.h"
#include "catalog/rich.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::catalog;

namespace {

std::vector<std::string> told(const std::vector<Dependent>& dependents) {
  std::vector<std::string> lines;
  for (const auto& d : dependents) {
    lines.push_back(d.kind + " " + d.name.name + (d.of_table.empty() ? "" : " of " + d.of_table));
  }
  return lines;
}

std::ptrdiff_t place(const std::vector<std::string>& lines, const std::string& line) {
  const auto found = std::find(lines.begin(), lines.end(), line);
  return found == lines.end() ? -1 : found - lines.begin();
}

}  // namespace

TEST_CASE("dependents are what falls with a table, in an order in which it can be made again") {
  const test::Rich rich;
  auto connection = test::connect_to(rich.database);
  const auto lines = told(dependents(connection, {"app", "t"}));
  CHECK(lines.size() == 7);
  CHECK(place(lines, "function of_row") >= 0);
  CHECK(place(lines, "constraint child_t_fkey of app.child") >= 0);
  CHECK(place(lines, "constraint Child \"2\"_t_id_fkey of app.\"Child \"\"2\"\"\"") >= 0);
  CHECK(place(lines, "policy through_t of app.\"Child \"\"2\"\"\"") >= 0);
  CHECK(place(lines, "view v") >= 0);
  CHECK(place(lines, "view v") < place(lines, "view v_of_v"));
  CHECK(place(lines, "view v") < place(lines, "materialized view m"));
}

TEST_CASE("a view that names the table and another view comes after both") {
  const test::Database database;
  database.sql(R"(CREATE TABLE t (a integer); CREATE VIEW z AS SELECT a FROM t;
                  CREATE VIEW b AS SELECT z.a FROM t, z; CREATE VIEW a AS SELECT b.a FROM t, b)");
  auto connection = test::connect_to(database);
  CHECK(told(dependents(connection, {"", "t"})) ==
        std::vector<std::string>{"view z", "view b", "view a"});
}

TEST_CASE("defaults, children, partitions and columns of the row's type are dependents") {
  const test::Database database;
  database.sql(R"(CREATE TABLE t (id serial); CREATE TABLE child () INHERITS (t);
    CREATE TABLE other (n integer DEFAULT nextval('t_id_seq'), whole t);
    CREATE TABLE p (a integer) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1))");
  auto connection = test::connect_to(database);
  const auto lines = told(dependents(connection, {"", "t"}));
  CHECK(place(lines, "table child") >= 0);
  CHECK(place(lines, "default n of public.other") >= 0);
  CHECK(place(lines, "column whole of public.other") >= 0);
  CHECK(told(dependents(connection, {"", "p"})) == std::vector<std::string>{"table p1"});
}

TEST_CASE("a cycle of dependencies ends") {
  const test::Database database;
  database.sql(
      R"(CREATE TABLE t (a integer); CREATE FUNCTION f(t) RETURNS integer LANGUAGE sql AS 'SELECT 1';
    ALTER TABLE t ADD b integer; ALTER TABLE t ADD CHECK (f(t) > 0);
    CREATE VIEW v AS SELECT f(t) FROM t)");
  auto connection = test::connect_to(database);
  const auto lines = told(dependents(connection, {"", "t"}));
  CHECK(place(lines, "function f") >= 0);
  CHECK(place(lines, "function f") < place(lines, "view v"));
}

TEST_CASE("a table that nothing needs, or that is not there, has no dependents") {
  const test::Database database;
  database.sql("CREATE TABLE t (id serial PRIMARY KEY, u text UNIQUE REFERENCES t (u))");
  auto connection = test::connect_to(database);
  CHECK(dependents(connection, {"", "t"}).empty());
  CHECK(dependents(connection, {"", "none"}).empty());
}

TEST_CASE("uses also finds functions that name a table only in their text, as a word") {
  const test::Database database;
  database.sql(R"(CREATE TABLE sessions (a integer); CREATE TABLE old_sessions (a integer);
    CREATE VIEW v AS SELECT a FROM sessions;
    CREATE FUNCTION names_it() RETURNS bigint LANGUAGE plpgsql AS
      'BEGIN RETURN (SELECT count(*) FROM public.Sessions); END';
    CREATE FUNCTION names_another() RETURNS bigint LANGUAGE plpgsql AS
      'BEGIN RETURN (SELECT count(*) FROM old_sessions); END')");
  auto connection = test::connect_to(database);
  const auto found = uses(connection, {"", "sessions"});
  CHECK(told(found) == std::vector<std::string>{"view v", "function names_it"});
  CHECK(found.back().description == "function names_it() names it in its body (found by text)");
}

TEST_CASE("what uses a column is what DROP COLUMN would take, or be stopped by") {
  const test::Database database;
  database.sql(R"(CREATE TABLE t (a integer DEFAULT 7 CHECK (a > 0), b integer, c integer);
    CREATE INDEX on_a ON t (a); CREATE INDEX on_b ON t (b) WHERE a > 3; CREATE INDEX on_c ON t (c);
    CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW w AS SELECT b FROM v;
    CREATE VIEW x AS SELECT c FROM t; CREATE POLICY p ON t USING (a = 1))");
  auto connection = test::connect_to(database);
  auto lines = told(uses_of_column(connection, {"", "t"}, "a"));
  std::sort(lines.begin(), lines.end());
  CHECK(lines == std::vector<std::string>{"constraint t_a_check of public.t",
                                          "index on_a of public.t", "index on_b of public.t",
                                          "policy p of public.t", "view v", "view w"});
  CHECK(told(uses_of_column(connection, {"", "t"}, "c")) ==
        std::vector<std::string>{"index on_c of public.t", "view x"});
  CHECK(uses_of_column(connection, {"", "t"}, "none").empty());
  CHECK(uses_of_column(connection, {"", "none"}, "a").empty());
}

TEST_CASE("uses finds what calls a function") {
  const test::Rich rich;
  auto connection = test::connect_to(rich.database);
  const auto lines = told(uses(connection, {"app", "me"}));
  CHECK(place(lines, "policy Own rows, \"quoted\" of app.t") >= 0);
  CHECK(place(lines, "default who of app.t") >= 0);
}
