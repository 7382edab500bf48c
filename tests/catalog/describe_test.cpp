#include <algorithm>

#include "catalog/catalog.h"
#include "catalog/fingerprint.h"
#include "catalog/relation_json.h"
#include "catalog/rich.h"
#include "db/transaction.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::catalog;

namespace {

Relation described(db::Connection& connection, const std::string& name) {
  auto relation = describe(connection, QualifiedName::parse(name));
  REQUIRE(relation);
  return std::move(*relation);
}

}  // namespace

TEST_CASE("a table with every feature is described as it is") {
  const test::Rich rich;
  auto connection = test::connect_to(rich.database);
  const Relation t = described(connection, "app.t");

  CHECK(t.kind_name() == "table");
  CHECK(t.owner == "rich_owner");
  CHECK(t.comment == "A table with 'everything'");
  CHECK(t.options == std::vector<std::string>{"fillfactor=70"});
  CHECK(t.toast_options == std::vector<std::string>{"autovacuum_enabled=false"});
  CHECK(t.replica_identity == 'i');
  CHECK((t.row_security && t.force_row_security));

  REQUIRE(t.columns.size() == 18);
  CHECK(t.columns.front().name == "id");
  CHECK(t.columns.front().identity == "always");
  REQUIRE(t.column("name"));
  CHECK(t.column("name")->type == "character varying(20)");
  CHECK(t.column("name")->collation == "pg_catalog.\"C\"");
  CHECK(t.column("name")->default_expression == "'it''s'::character varying");
  CHECK(t.column("name_length")->generated);
  CHECK(t.column("mood")->type == "app.mood");
  CHECK(t.column("mood")->type_schema == "app");
  CHECK(t.column("tags")->type_name == "text");
  CHECK(t.column("body")->storage == "external");
  CHECK(t.column("body")->compression == "pglz");
  CHECK(t.column("raw")->storage.empty());
  CHECK(t.column("price")->statistics_target == 321);
  CHECK(t.column("price")->options == std::vector<std::string>{"n_distinct=-0.5"});
  CHECK(t.column("added")->statistics_target == -1);
  CHECK(t.column("name")->grants.size() == 2);
  REQUIRE(t.column("Odd \"Column\" é"));
  CHECK(t.column("Odd \"Column\" é")->comment == "back\\slash and\nline");
  CHECK_FALSE(t.column("gone"));

  REQUIRE(t.primary_key());
  CHECK(t.primary_key()->definition == "PRIMARY KEY (id) INCLUDE (name)");
  CHECK(t.primary_key()->columns == std::vector<std::string>{"id"});
  CHECK(t.primary_key()->comment == "its key");
  CHECK(t.constraint("t_serial_key")->deferred);
  CHECK(t.constraint("t_during_excl")->type == 'x');
  const Constraint& key = *t.constraint("t_parent_fkey");
  CHECK_FALSE(key.validated);
  CHECK(key.references == QualifiedName{"app", "parent"});
  CHECK(key.columns == std::vector<std::string>{"pa", "pb"});
  CHECK(key.referenced_columns == std::vector<std::string>{"a", "b"});
  CHECK(key.on_delete == "CASCADE");
  CHECK(t.constraint("t_self_fkey")->on_delete == "SET NULL");
  REQUIRE(t.referenced_by.size() == 2);
  CHECK(t.referenced_by[0].table == QualifiedName{"app", "Child \"2\""});
  CHECK(t.referenced_by[1].name == "child_t_fkey");

  const Index& expression = *t.index("t_expression");
  CHECK(expression.columns == std::vector<std::string>{"lower((name)::text)", "name"});
  CHECK(expression.included == std::vector<std::string>{"pa", "pb"});
  CHECK(expression.statistics_targets.front() == 111);
  CHECK(t.index("t_partial")->predicate == "((done)::integer > 50)");
  CHECK(t.index("t_serial_key")->clustered);
  CHECK(t.index("t_identity")->replica_identity);
  CHECK(t.index("t_pkey")->constraint == "t_pkey");
  CHECK(t.index("Odd \"Index\" é")->method == "gin");

  CHECK(t.triggers.size() == 5);
  CHECK(t.trigger("touch_on")->events == std::vector<std::string>{"INSERT", "UPDATE"});
  CHECK(t.trigger("touch_on")->timing == "BEFORE");
  CHECK(t.trigger("touch_on")->function == QualifiedName{"app", "touch"});
  CHECK(t.trigger("touch_off")->enabled == 'D');
  CHECK_FALSE(t.trigger("touch_off")->for_each_row);
  CHECK(t.trigger("touch_always")->enabled == 'A');

  REQUIRE(t.policies.size() == 3);
  CHECK(t.policy("everyone")->roles == std::vector<std::string>{"PUBLIC"});
  CHECK(t.policy("everyone")->check_expression == "(pa IS NOT NULL)");
  CHECK_FALSE(t.policy("narrow")->permissive);
  CHECK(t.policy("Own rows, \"quoted\"")->using_expression == "(who = app.me())");
  CHECK(t.policy("Own rows, \"quoted\"")->command == "SELECT");

  CHECK(t.rules.size() == 2);
  REQUIRE(t.statistics.size() == 2);
  CHECK(t.statistics[1].target == 77);
  REQUIRE(t.sequences.size() == 3);
  CHECK(t.sequences[0].name == QualifiedName{"app", "free_seq"});
  CHECK(t.sequences[0].owned_by_column.empty());
  CHECK(t.sequences[1].identity);
  CHECK(t.sequences[1].owned_by_column == "id");
  CHECK(t.sequences[1].last_value == "14");
  CHECK(t.sequences[1].is_called);
  CHECK(t.sequences[2].owned_by_column == "serial_number");
  REQUIRE(t.publications.size() == 1);
  CHECK(t.publications[0].name == "rich_publication");

  const auto granted = [&](const Grant& grant) {
    return std::find(t.grants.begin(), t.grants.end(), grant) != t.grants.end();
  };
  CHECK(granted({"PUBLIC", "rich_owner", "SELECT", false}));
  CHECK(granted({"Odd \"Role\"", "rich_owner", "UPDATE", true}));
  CHECK(granted({"rich_reader", "Odd \"Role\"", "SELECT", false}));
  CHECK_FALSE(granted({"rich_owner", "rich_owner", "TRUNCATE", false}));
}

TEST_CASE("views, sequences, partitions and children are described as what they are") {
  const test::Rich rich;
  auto connection = test::connect_to(rich.database);
  const Relation view = described(connection, "app.v");
  CHECK(view.kind_name() == "view");
  CHECK(view.options == std::vector<std::string>{"security_barrier=true"});
  CHECK(view.view_definition.starts_with("SELECT "));
  CHECK(view.view_definition.find("app.t") != std::string::npos);
  CHECK(view.trigger("instead")->timing == "INSTEAD OF");
  const Relation kept = described(connection, "app.m");
  CHECK(kept.kind_name() == "materialized view");
  CHECK_FALSE(kept.populated);
  CHECK(kept.index("m_id"));
  const Relation sequence = described(connection, "app.free_seq");
  CHECK(sequence.kind_name() == "sequence");
  REQUIRE(sequence.sequences.size() == 1);
  CHECK(sequence.sequences[0].increment == "5");
  CHECK(sequence.sequences[0].cycle);
  const Relation whole = described(connection, "app.measured");
  CHECK(whole.partition_key == "RANGE (at)");
  CHECK(whole.children.size() == 2);
  const Relation part = described(connection, "app.measured_2024");
  CHECK(part.partition_bound == "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')");
  CHECK(part.parents == std::vector<QualifiedName>{{"app", "measured"}});
  REQUIRE(part.trigger("measured_touch"));
  CHECK(part.trigger("measured_touch")->of_parent);
  const Relation derived = described(connection, "app.derived");
  CHECK_FALSE(derived.column("note")->local);
  CHECK(derived.column("extra")->local);
  CHECK(described(connection, "app.scratch").persistence == 'u');
}

TEST_CASE("a relation goes through JSON without loss") {
  const test::Rich rich;
  auto connection = test::connect_to(rich.database);
  for (const Relation& relation : describe_schemas(connection, {"app"})) {
    CAPTURE(relation.name.display());
    const Relation read = from_json(to_json(relation));
    CHECK(to_json(read) == to_json(relation));
    CHECK(differences(relation, read, {.sequence_values = true}).empty());
  }
}

TEST_CASE("describing is one round trip for one relation and for fifty") {
  const test::Database database;
  auto connection = test::connect_to(database);
  std::vector<QualifiedName> names;
  for (int i = 0; i < 50; ++i) {
    names.push_back({"public", "t" + std::to_string(i)});
    connection.execute("CREATE TABLE " + names.back().quoted() + " (id integer PRIMARY KEY)");
  }
  long before = connection.round_trips();
  CHECK(describe(connection, names.front()));
  CHECK(connection.round_trips() - before == 1);
  before = connection.round_trips();
  const auto relations = describe(connection, names);
  CHECK(connection.round_trips() - before == 1);
  REQUIRE(relations.size() == 50);
  CHECK(relations[49].name.name == "t49");
  before = connection.round_trips();
  CHECK(describe_schemas(connection).size() == 50);
  CHECK(connection.round_trips() - before == 1);
}

TEST_CASE("without a schema everything is described but the system's and the engine's own") {
  const test::Database database;
  database.sql(
      R"(CREATE TABLE t (a integer); CREATE SCHEMA engine; CREATE TABLE engine.run (a integer);
    CREATE SCHEMA engine_backup; CREATE TABLE engine_backup.t (a integer);
    CREATE SCHEMA engineers; CREATE TABLE engineers.t (a integer))");
  auto connection = test::connect_to(database);
  const auto found = describe_schemas(connection);
  REQUIRE(found.size() == 2);
  CHECK(found[0].name.schema == "engineers");
  CHECK(found[1].name.schema == "public");
  CHECK(describe_schemas(connection, {"engine"}).size() == 1);
  CHECK(describe_schemas(connection, {}, "engineers").size() == 3);
}

TEST_CASE("bare names are found by the search_path, and odd names as they are written") {
  const test::Database database;
  database.sql(
      R"(CREATE SCHEMA "Odd ""S"" é"; CREATE TABLE "Odd ""S"" é"."T\ 'x', {y}" ("a,b" integer);
                  CREATE TABLE public.both (p integer); CREATE SCHEMA s; CREATE TABLE s.both (s integer))");
  auto connection = test::connect_to(database);
  CHECK(describe(connection, QualifiedName{"", "both"})->name.schema == "public");
  connection.execute("SET search_path = s, public");
  CHECK(describe(connection, QualifiedName{"", "both"})->name.schema == "s");
  const auto odd = describe(connection, QualifiedName{"Odd \"S\" é", "T\\ 'x', {y}"});
  REQUIRE(odd);
  CHECK(odd->columns.at(0).name == "a,b");
  CHECK_FALSE(describe(connection, QualifiedName{"", "odd"}));
  CHECK_FALSE(describe(connection, QualifiedName{"no_such_schema", "both"}));
  CHECK(describe(connection, std::vector<QualifiedName>{{"", "none"}, {"", "both"}, {"s", "both"}})
            .size() == 1);
}

TEST_CASE("describing leaves no setting behind, inside a transaction and outside") {
  const test::Database database;
  database.sql("CREATE SCHEMA s; CREATE TABLE s.t (id integer)");
  auto connection = test::connect_to(database);
  const auto path = [&] { return connection.execute("SHOW search_path").text(0, "search_path"); };
  const std::string at_first = path();
  CHECK(describe(connection, QualifiedName{"s", "t"}));
  CHECK(path() == at_first);
  {
    db::Transaction transaction{connection};
    connection.execute("SET LOCAL search_path = s");
    CHECK(describe(connection, QualifiedName{"", "t"}));
    CHECK(path() == "s");
    transaction.commit();
  }
  CHECK(path() == at_first);
  {
    db::Transaction transaction{connection};
    connection.execute("SET search_path = s");
    CHECK(describe(connection, QualifiedName{"", "t"}));
    transaction.commit();
  }
  CHECK(path() == "s");
}

TEST_CASE("definitions do not depend on the search_path that describes them") {
  const test::Rich rich;
  auto connection = test::connect_to(rich.database);
  const auto before = describe_schemas(connection, {"app"});
  connection.execute("SET search_path = app");
  const auto after = describe_schemas(connection, {"app"});
  REQUIRE(before.size() == after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(differences(before[i], after[i]).empty());
  }
}

TEST_CASE("a role without any right on a table still sees what it is") {
  const test::Database database;
  database.sql("CREATE SCHEMA closed; CREATE TABLE closed.t (id serial)");
  auto connection = db::Connection::open(
      db::Target::parse(database.conninfo("with_password")).set("password", "correct-horse"));
  const auto relation = describe(connection, QualifiedName{"closed", "t"});
  REQUIRE(relation);
  REQUIRE(relation->sequences.size() == 1);
  CHECK_FALSE(relation->sequences[0].last_value);
}
