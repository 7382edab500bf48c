// A thousand checks in a row read the catalog once.
#include <algorithm>

#include "bindings/expecting.h"

using test::Expecting;

namespace {

const std::string tables = R"sql(
  DO $$ BEGIN
    FOR i IN 1..200 LOOP
      EXECUTE format('CREATE TABLE t%s (id integer PRIMARY KEY, name text NOT NULL)', i);
      EXECUTE format('CREATE INDEX t%s_name ON t%s (name)', i, i);
    END LOOP;
  END $$;
  CREATE TYPE mood AS ENUM ('calm');
)sql";

}  // namespace

TEST_CASE("a thousand checks on a schema of 200 tables cost at most 30 round trips") {
  Expecting expect{tables};
  const long before = expect.session.connection().round_trips();
  const std::string said = expect.checks(R"lua(
    for i = 1, 200 do
      local name = "t" .. i
      expect.table(name)
        :has_column("name", { type = "text", null = false })
        :has_primary_key { "id" }
        :has_index(name .. "_name")
        :has_privileges("postgres", "SELECT")
        :owned_by "postgres"
      expect.schema "public"
      expect.enum "mood" :labels_are { "calm" }
    end
  )lua");
  CHECK(said.find("NOT ") == std::string::npos);
  CHECK(std::count(said.begin(), said.end(), '\n') == 200 * 9 - 1);
  const long cost = expect.session.connection().round_trips() - before;
  CAPTURE(cost);
  CHECK(cost <= 30);
  CHECK(cost > 0);
}

TEST_CASE("what a statement of the plan has changed is read again") {
  Expecting expect{tables};
  CHECK(expect
            .checks(R"lua(
    for i = 1, 5 do expect.table("t" .. i) end
    expect.no_enum "colour"
    db.exec "CREATE TYPE colour AS ENUM ('red')"
    expect.enum "colour"
    db.exec "DROP TABLE t3"
    expect.no_table "t3"
    expect.query "ALTER TABLE t4 ADD COLUMN more integer" :succeeds()
    expect.table "t4" :has_column "more"
    db.exec "GRANT SELECT ON t5 TO pg_monitor"
    expect.table "t5" :has_privileges("pg_monitor", "SELECT")
    db.savepoint(function() db.exec "REVOKE SELECT ON t5 FROM pg_monitor" end)
    expect.table "t5" :has_no_privileges "pg_monitor"
  )lua")
            .find("NOT ") == std::string::npos);
}

TEST_CASE("a bare name is found along the search_path also where everything is read at once") {
  Expecting expect{tables + "CREATE SCHEMA other; CREATE TABLE other.t1 (only_here integer);"};
  CHECK(expect
            .checks(R"lua(
    for i = 2, 6 do expect.table("t" .. i) end
    expect.table "other.t1" :has_column "only_here"
    expect.table "t1" :has_no_column "only_here"
    db.exec "SET LOCAL search_path = other, public"
    for i = 2, 6 do expect.table("t" .. i) end
    expect.table "t1" :has_column "only_here"
    expect.table "pg_catalog.pg_class"
    expect.table "pg_class"
  )lua")
            .find("NOT ") == std::string::npos);
}

TEST_CASE("a temporary table hides the one of its name") {
  Expecting expect{tables};
  CHECK(expect
            .checks(R"lua(
    db.exec "CREATE TEMP TABLE t1 (mine integer)"
    for i = 2, 6 do expect.table("t" .. i) end
    expect.table "t1" :has_column "mine" :is { persistence = "temporary" }
  )lua")
            .find("NOT ") == std::string::npos);
}
