#include "bindings/expecting.h"

using test::Expecting;

namespace {

const std::string setup = R"sql(
  CREATE TABLE t (id integer PRIMARY KEY);
  CREATE TABLE other (id integer);
  CREATE SCHEMA app;
  CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
  CREATE TYPE mood AS ENUM ('calm');
)sql";

}  // namespace

TEST_CASE("what is named may change, and everything else stays as it was") {
  Expecting expect{setup};
  CHECK(
      expect
          .checks(R"lua(
    local before = catalog.picture()
    expect.database() :unchanged_except(before)
    db.exec "INSERT INTO t VALUES (1)"
    expect.database() :unchanged_except(before)
    db.exec "ALTER TABLE t ADD COLUMN name text"
    db.exec "CREATE TABLE app.new (id integer)"
    expect.database() :unchanged_except(before, { "t", "schema app" })
    expect.database() :unchanged_except(before, "table public.t")
    db.exec "CREATE OR REPLACE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 2'"
    db.exec "ALTER TYPE mood ADD VALUE 'busy'"
    db.exec "DROP TABLE other"
    db.exec "GRANT CREATE ON SCHEMA app TO pg_monitor"
    expect.database() :unchanged_except(before, { "public.t", "app.new" }) :named "the rest"
  )lua")
          .find(
              "NOT nothing has changed but table public.t | no change | table app.new is new\n") !=
      std::string::npos);
  const std::string said = expect.checks(R"lua(
    local before = catalog.picture()
    db.exec "DROP FUNCTION f()"
    db.exec "CREATE TYPE colour AS ENUM ('red')"
    db.exec "REVOKE CREATE ON SCHEMA app FROM pg_monitor"
    expect.database() :unchanged_except(before)
  )lua");
  CHECK_THAT(said,
             ContainsSubstring("NOT nothing has changed | no change | function public.f() is gone; "
                               "schema app has changed; enum public.colour is new"));
}

TEST_CASE("a picture survives the state of a run, and none is an error") {
  Expecting expect{setup};
  CHECK(expect
            .checks("state.before = catalog.picture() expect.database() "
                    ":unchanged_except(state.before)")
            .find("NOT ") == std::string::npos);
  CHECK_THAT(expect.failure("expect.database() :unchanged_except({})").hint(),
             ContainsSubstring("state.before = catalog.picture()"));
}
