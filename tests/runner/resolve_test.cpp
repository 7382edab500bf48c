#include "runner/runner_fixture.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::RunnerFixture;

TEST_CASE("resolve --done lets a run go on behind a step that a person did") {
  RunnerFixture bench;
  bench.step("one", "SELECT 1");
  bench.step("two", "SELECT 1/0");
  bench.step("three", "CREATE TABLE t ()");
  CHECK(bench.resolve("two", Resolution::done).exit == 5);
  CHECK(bench.run().exit == 3);
  CHECK(bench.resolve("tow", Resolution::done).exit == 2);
  const RunFinished told = bench.resolve("two", Resolution::done);
  INFO(test::message_of(told));
  CHECK(told.exit == 0);
  CHECK(told.next == "engine run plans/bench.lua");
  CHECK(bench.told<RunStarted>().back().mode == Mode::resolve);
  CHECK(bench.journaled("two") == "done");
  CHECK(bench.resolve("two", Resolution::done).status == Ending::nothing_to_do);
  CHECK(bench.run().exit == 0);
}

TEST_CASE("resolve --undone lets a rollback go on, or a run do the step again") {
  RunnerFixture bench;
  bench.step("one", "CREATE TABLE t ()", "DROP TABLE nowhere");
  CHECK(bench.run().exit == 0);
  CHECK(bench.rollback().exit == 6);
  const RunFinished told = bench.resolve("one", Resolution::undone);
  CHECK(told.exit == 0);
  // It was the last one that stood.
  CHECK(told.next.empty());
  CHECK(bench.run_status() == "rolled_back");
  CHECK(bench.rollback().status == Ending::nothing_to_do);

  bench.database.sql("DROP TABLE t");
  CHECK(bench.run().exit == 0);
  bench.database.sql("DROP TABLE t");
  CHECK(bench.resolve("one", Resolution::undone).exit == 0);
  CHECK(bench.run_status() == "stopped");
  CHECK(bench.run().exit == 0);
  CHECK_FALSE(bench.database.value("SELECT to_regclass('t')").empty());
}

TEST_CASE("a rollback goes on behind a step that a person undid") {
  RunnerFixture bench;
  bench.step("one", "CREATE TABLE t ()", "DROP TABLE t");
  bench.step("two", "SELECT 1", "DROP TABLE nowhere");
  CHECK(bench.run().exit == 0);
  CHECK(bench.rollback().exit == 6);
  const RunFinished told = bench.resolve("two", Resolution::undone);
  CHECK(told.next == "engine rollback plans/bench.lua");
  CHECK(bench.run_status() == "rolling_back");
  CHECK(bench.rollback().exit == 0);
  CHECK(bench.run_status() == "rolled_back");
}

TEST_CASE("a run whose last open step a person did is done, and asks nothing more") {
  RunnerFixture bench;
  bench.options.assume_yes = false;
  bench.answers.given["run"] = "yes";
  bench.step("one", "SELECT 1");
  bench.step("two", "SELECT 1/0");
  CHECK(bench.run().exit == 3);
  bench.answers.given.clear();
  const RunFinished told = bench.resolve("two", Resolution::done);
  CHECK(told.exit == 0);
  CHECK(told.next.empty());
  CHECK(bench.run_status() == "done");
  CHECK(bench.run().status == Ending::nothing_to_do);
}

TEST_CASE("a skipped step has nothing to resolve") {
  RunnerFixture bench;
  bench.step("one", "SELECT 1").when = [] { return Condition{false, "not here"}; };
  bench.step("two", "SELECT 1/0");
  CHECK(bench.run().exit == 1);
  const auto resolution = GENERATE(Resolution::done, Resolution::undone);
  const RunFinished refused = bench.resolve("one", resolution);
  CHECK(refused.exit == 5);
  CHECK_THAT(refused.error->message(), ContainsSubstring("was skipped"));
  CHECK(bench.journaled("one") == "skipped");
  CHECK(bench.resolve("two", Resolution::undone).status == Ending::nothing_to_do);
}

TEST_CASE("a step that failed outside a transaction may be corrected without further words") {
  RunnerFixture bench;
  bench.database.sql("CREATE TABLE t (n int)");
  bench.step("one", "CREATE INDEX CONCURRENTLY i ON t (n); CREATE INDEX CONCURRENTLY j ON t (m)")
      .transaction = TransactionMode::none;
  CHECK(bench.run().exit == 3);
  CHECK(bench.journaled("one") == "intent");
  CHECK_THAT(bench.database.value("SELECT reason FROM engine.step"),
             ContainsSubstring("\"m\" does not exist"));
  bench.plan.steps[0].run = {
      test::block("CREATE INDEX CONCURRENTLY i ON t (n); CREATE INDEX CONCURRENTLY j ON t (n)")};
  bench.plan.steps[0].checksum = "corrected";
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(bench.database.value("SELECT checksum FROM engine.step") == "corrected");
}
