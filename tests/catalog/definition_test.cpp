#include "catalog/definition.h"

#include <algorithm>

#include "catalog/catalog.h"
#include "catalog/fingerprint.h"
#include "catalog/rich.h"
#include "db/transaction.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::catalog;

namespace {

std::vector<Relation> in_order_of_making(db::Connection& connection) {
  auto relations = describe_schemas(connection, {"app"});
  std::sort(relations.begin(), relations.end(),
            [](const Relation& a, const Relation& b) { return a.oid < b.oid; });
  return relations;
}

void run(db::Connection& connection, const Statements& statements) {
  for (const auto& statement : statements) {
    CAPTURE(statement);
    REQUIRE_NOTHROW(connection.execute(statement));
  }
}

std::string all_of(const std::vector<std::string>& sentences) {
  std::string text;
  for (const auto& sentence : sentences) text += sentence + "\n";
  return text;
}

}  // namespace

TEST_CASE("what is printed makes the same relations in another database") {
  const test::Rich rich;
  auto here = test::connect_to(rich.database);
  const auto relations = in_order_of_making(here);

  const test::Database other;
  other.sql(test::rich_file("rich_ground.sql"));
  auto there = test::connect_to(other);
  {
    db::Transaction transaction{there};
    std::vector<Definition> definitions;
    for (const auto& relation : relations) definitions.push_back(define(relation));
    for (const auto& definition : definitions) run(there, definition.before_rows);
    for (const auto& definition : definitions) run(there, definition.after_rows);
    for (const auto& definition : definitions) run(there, definition.at_last);
    transaction.commit();
  }
  const auto made = describe_schemas(there, {"app"});
  REQUIRE(made.size() == relations.size());
  for (const auto& relation : relations) {
    const auto same = std::find_if(made.begin(), made.end(),
                                   [&](const Relation& r) { return r.name == relation.name; });
    REQUIRE(same != made.end());
    CHECK(all_of(differences(relation, *same, {.sequence_values = true})) == "");
  }
}

TEST_CASE("a dropped table is made again with the keys that others had to it") {
  const test::Rich rich;
  auto connection = test::connect_to(rich.database);
  const Relation before = *describe(connection, QualifiedName{"app", "t"});
  connection.execute("CREATE TABLE public.kept AS TABLE app.t");
  connection.execute("DROP TABLE app.t CASCADE");
  {
    db::Transaction transaction{connection};
    const Definition definition = define(before);
    run(connection, definition.before_rows);
    connection.execute(R"(INSERT INTO app.t (id, serial_number, free, name, price, pa, pb)
      OVERRIDING SYSTEM VALUE SELECT id, serial_number, free, name, price, pa, pb FROM public.kept)");
    run(connection, definition.after_rows);
    run(connection, definition.at_last);
    run(connection, definition.inbound);
    transaction.commit();
  }
  const Relation after = *describe(connection, QualifiedName{"app", "t"});
  CHECK(all_of(differences(before, after, {.sequence_values = true})) == "");
}

TEST_CASE("grants are exactly those recorded, whatever default privileges gave") {
  const test::Rich rich;
  auto connection = test::connect_to(rich.database);
  const Relation before = *describe(connection, QualifiedName{"app", "t"});
  connection.execute("GRANT ALL ON app.t TO PUBLIC");
  connection.execute("GRANT UPDATE (price) ON app.t TO PUBLIC");
  connection.execute("REVOKE ALL ON app.t FROM \"Odd \"\"Role\"\"\" CASCADE");
  connection.execute("GRANT ALL ON SEQUENCE app.t_id_seq TO rich_reader");
  REQUIRE_FALSE(differences(before, *describe(connection, before.name)).empty());
  {
    db::Transaction transaction{connection};
    connection.execute("SET LOCAL ROLE postgres");
    run(connection, print::grants(before));
    CHECK(connection.query("SELECT current_setting('role') AS role").text(0, "role") == "postgres");
    transaction.commit();
  }
  CHECK(all_of(differences(before, *describe(connection, before.name))) == "");
}

TEST_CASE("what is printed means the same whatever the search_path") {
  const test::Database database;
  database.sql(R"(CREATE SCHEMA s; CREATE TYPE s.kind AS ENUM ('a');
    CREATE FUNCTION s.f() RETURNS s.kind LANGUAGE sql AS $$ SELECT 'a'::s.kind $$;
    SET search_path = s; CREATE TABLE t (k kind DEFAULT f() CHECK (k <> f()), n serial);
    CREATE POLICY p ON t USING (k = f()); CREATE INDEX i ON t (k) WHERE k = 'a'; CREATE VIEW v AS SELECT f() FROM t)");
  auto connection = test::connect_to(database);
  connection.execute("SET search_path = s");
  const Relation table = *describe(connection, QualifiedName{"", "t"});
  const Relation view = *describe(connection, QualifiedName{"", "v"});
  connection.execute("SET search_path = ''");
  connection.execute("DROP TABLE s.t CASCADE");
  for (const Relation* relation : {&table, &view}) {
    const Definition definition = define(*relation);
    run(connection, definition.before_rows);
    run(connection, definition.after_rows);
    CHECK(all_of(differences(*relation, *describe(connection, relation->name))) == "");
  }
}

TEST_CASE("a foreign table is refused by name") {
  Relation relation;
  relation.kind = 'f';
  relation.name = {"s", "far"};
  CHECK_THROWS_WITH(define(relation), ContainsSubstring("s.far"));
}

TEST_CASE("what newer servers know is printed as well") {
  const test::Database database;
  auto connection = test::connect_to(database);
  const int version = connection.server_version() / 10000;
  connection.execute("CREATE TABLE t (id integer PRIMARY KEY, a integer, b text, c text)");
  if (version >= 15) {
    connection.execute("CREATE UNIQUE INDEX one_null ON t (a) NULLS NOT DISTINCT");
    connection.execute("CREATE VIEW v WITH (security_invoker = true) AS SELECT id FROM t");
    connection.execute("CREATE PUBLICATION p FOR TABLE t (id, a) WHERE (a > 0)");
  }
  if (version >= 18) {
    connection.execute("ALTER TABLE t ADD virtually integer GENERATED ALWAYS AS (a + 1) VIRTUAL");
    connection.execute("ALTER TABLE t ADD CONSTRAINT b_given NOT NULL b");
    connection.execute("ALTER TABLE t ADD CONSTRAINT c_given NOT NULL c NOT VALID");
    connection.execute("ALTER TABLE t ADD CONSTRAINT a_known CHECK (a < 9) NOT ENFORCED");
  }
  auto before = describe_schemas(connection, {"public"});
  std::sort(before.begin(), before.end(),
            [](const Relation& a, const Relation& b) { return a.oid < b.oid; });
  if (version >= 15) {
    CHECK(before.at(0).publications.at(0).columns == std::vector<std::string>{"id", "a"});
    CHECK(before.at(0).publications.at(0).filter == "(a > 0)");
    CHECK(before.at(1).options == std::vector<std::string>{"security_invoker=true"});
  }
  connection.execute("DROP TABLE t CASCADE");
  for (const Relation& relation : before) {
    const Definition definition = define(relation);
    run(connection, definition.before_rows);
    run(connection, definition.after_rows);
  }
  for (const Relation& relation : before) {
    CHECK(all_of(differences(relation, *describe(connection, relation.name))) == "");
  }
}
