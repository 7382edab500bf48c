#include "runner/runner_fixture.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::RunnerFixture;

TEST_CASE("needs that are met let the run begin, in one round trip") {
  RunnerFixture bench;
  bench.database.sql(
      "CREATE SCHEMA auth; CREATE TABLE auth.users (id uuid); CREATE FUNCTION touch() RETURNS int "
      "LANGUAGE sql AS "
      "'SELECT 1'; CREATE FUNCTION touch(int) RETURNS int LANGUAGE sql AS 'SELECT 1'");
  bench.step("one", "SELECT 1");
  const long without = (bench.run(), bench.round_trips);
  bench.plan.id = "other";
  bench.plan.needs.postgres = 14;
  bench.plan.needs.tables = {"auth.users"};
  bench.plan.needs.columns = {"auth.users.id"};
  bench.plan.needs.functions = {"touch", "touch(int)", "public.touch", "pg_catalog.now()"};
  bench.plan.needs.roles = {"postgres"};
  bench.plan.needs.extensions = {"plpgsql"};
  bench.plan.needs.plans = {};
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(bench.round_trips <= without + 1);
}

TEST_CASE(
    "everything that is missing is named, with the plan's hints, before anything is touched") {
  RunnerFixture bench;
  bench.database.sql("CREATE TABLE t (a int)");
  bench.step("one", "CREATE TABLE u ()");
  bench.plan.hints = {{"42883", "Create the function first."}, {"42703", "Add the column."}};
  bench.plan.needs.tables = {"t", "missing"};
  bench.plan.needs.columns = {"t.a", "t.b"};
  bench.plan.needs.functions = {"update_updated_at_column()"};
  bench.plan.needs.roles = {"nobody_here"};
  bench.plan.needs.extensions = {"postgis"};
  bench.plan.needs.plans = {"an_earlier_one"};
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 5);
  REQUIRE(finished.error);
  CHECK(finished.error->code() == Code::needs);
  for (const char* lack :
       {"table missing", "column t.b", "function update_updated_at_column()", "role nobody_here",
        "extension postgis", "a finished run of plan an_earlier_one"}) {
    CHECK_THAT(finished.error->message(), ContainsSubstring(lack));
  }
  CHECK(finished.error->hint() == "Add the column. Create the function first.");
  CHECK(bench.database.value("SELECT to_regnamespace('engine')").empty());
}

TEST_CASE("a newer server than the target's is a need that is not met") {
  RunnerFixture bench;
  bench.step("one", "SELECT 1");
  bench.plan.needs.postgres = 99;
  CHECK_THAT(bench.run().error->message(), ContainsSubstring("PostgreSQL 99"));
}

TEST_CASE("a needs function says why") {
  RunnerFixture bench;
  bench.step("one", "SELECT 1");
  bench.plan.needs.custom = [&] {
    return Condition{bench.query("SELECT 1") == "2", "two to be one"};
  };
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 5);
  CHECK(finished.error->message() == "the target does not meet the plan's needs: two to be one");
}

TEST_CASE("a needs function knows the inputs") {
  RunnerFixture bench;
  bench.step("one", "SELECT 1");
  bench.input("days", InputType::integer);
  bench.answers.given = {{"days", "7"}};
  bench.plan.needs.custom = [&] {
    return Condition{bench.session->input("days") == "7", "a week"};
  };
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
}

TEST_CASE("a plan that needs another runs after it") {
  RunnerFixture bench;
  bench.step("one", "SELECT 1");
  CHECK(bench.run().exit == 0);
  bench.plan.id = "second";
  bench.plan.needs.plans = {"bench"};
  CHECK(bench.run().exit == 0);
}

TEST_CASE("bare names of needs follow the plan's search_path") {
  RunnerFixture bench;
  bench.database.sql("CREATE SCHEMA shop; CREATE TABLE shop.orders ()");
  bench.step("one", "CREATE TABLE here ()");
  bench.plan.needs.tables = {"orders"};
  CHECK(bench.run().exit == 5);
  bench.plan.search_path = "shop";
  CHECK(bench.run().exit == 0);
  CHECK_FALSE(bench.database.value("SELECT to_regclass('shop.here')").empty());
}
