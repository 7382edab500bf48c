#include "sql/row_copies.h"

#include "support/catch.h"

using engine::sql::renamed_tables;
using engine::sql::row_copies;
using Words = std::vector<std::string>;

TEST_CASE("INSERT … SELECT tells which rows go where") {
  const auto found = row_copies(
      "INSERT INTO public.new (id, \"At\", n) OVERRIDING SYSTEM VALUE SELECT o.id, (o.at), n + 1 "
      "FROM app.\"Old\" AS o WHERE n > 0 ON CONFLICT DO NOTHING RETURNING id");
  REQUIRE(found.size() == 1);
  CHECK(found[0].into.quoted() == "public.new");
  CHECK(found[0].columns == Words{"id", "At", "n"});
  CHECK(found[0].query == "SELECT o.id, (o.at), n + 1 FROM app.\"Old\" AS o WHERE n > 0");
  CHECK(found[0].plain == Words{"id", "at", ""});
  CHECK(found[0].skips_conflicts);
  CHECK(!found[0].takes_values);
  REQUIRE(found[0].reads.size() == 1);
  const auto& read = found[0].reads[0];
  CHECK(found[0].query.substr(read.begin, read.end - read.begin) == "app.\"Old\"");
  CHECK(read.has_alias);
}

TEST_CASE("a query of several tables is read, its own names are none, and a star is whole") {
  const auto joined = row_copies(
      "INSERT INTO t WITH own AS (SELECT * FROM a) SELECT own.x, $1::int FROM own JOIN b ON own.x "
      "= "
      "b.x WHERE EXISTS (SELECT FROM c)");
  REQUIRE(joined.size() == 1);
  REQUIRE(joined[0].reads.size() == 3);
  CHECK(joined[0].reads[2].name.name == "c");
  CHECK(joined[0].plain == Words{"", ""});
  CHECK(joined[0].takes_values);
  const auto whole = row_copies("INSERT INTO t SELECT * FROM s;");
  REQUIRE(whole.size() == 1);
  CHECK(whole[0].whole);
  CHECK(whole[0].query == "SELECT * FROM s");
}

TEST_CASE("no other statement copies rows") {
  for (const char* statement :
       {"INSERT INTO t VALUES (1)", "INSERT INTO t SELECT 1", "INSERT INTO t DEFAULT VALUES",
        "SELECT * FROM t", "WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM s", "INSERT INTO", ""})
    CHECK(row_copies(statement).empty());
}

TEST_CASE("a table that gets another name is told by both") {
  const auto found = renamed_tables("ALTER TABLE IF EXISTS app.\"Old\" RENAME TO fresh");
  REQUIRE(found.size() == 1);
  CHECK(found[0].from.quoted() == "app.\"Old\"");
  CHECK(found[0].to == "fresh");
  CHECK(renamed_tables("ALTER TABLE t RENAME COLUMN a TO b").empty());
  CHECK(renamed_tables("ALTER VIEW t RENAME TO b").empty());
}
