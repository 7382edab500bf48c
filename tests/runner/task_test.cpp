#include "runner/runner_fixture.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::RunnerFixture;

namespace {

Task& add(RunnerFixture& bench, const std::string& id, const std::string& sql) {
  Task& task = bench.plan.tasks.emplace_back();
  task.id = id;
  task.title = "Task " + id;
  task.checksum = "0";
  task.run = {test::block(sql)};
  return task;
}

}  // namespace

TEST_CASE("a task that reads shows its tables, and leaves no journal") {
  RunnerFixture bench;
  add(bench, "look", "SELECT 1 AS one, NULL AS nothing; SELECT 2 AS two");
  const RunFinished finished = bench.task("look");
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  const auto shown = bench.told<TableShown>();
  REQUIRE(shown.size() == 2);
  CHECK(shown[0].columns == std::vector<std::string>{"one", "nothing"});
  CHECK(shown[0].rows[0][0] == "1");
  CHECK_FALSE(shown[0].rows[0][1]);
  CHECK(bench.database.value("SELECT to_regnamespace('engine')").empty());
}

TEST_CASE("a task that writes is journaled under its own name, and the plan's run is not touched") {
  RunnerFixture bench;
  bench.database.sql("CREATE TABLE t (n int)");
  bench.step("one", "SELECT 1");
  CHECK(bench.run().exit == 0);
  add(bench, "fill", "INSERT INTO t VALUES (1)");
  CHECK(bench.task("Task fill").exit == 0);
  CHECK(bench.task("fill").exit == 0);
  CHECK(bench.count("t") == "2");
  CHECK(bench.database.value(
            "SELECT string_agg(plan || ' ' || status, ', ' ORDER BY sequence) FROM engine.run") ==
        "bench done, bench:fill done, bench:fill done");
  CHECK(bench.run().status == Ending::nothing_to_do);
}

TEST_CASE("a task outside a transaction, one that fails, and one that is not wanted") {
  RunnerFixture bench;
  bench.database.sql("CREATE TABLE t (n int)");
  add(bench, "vacuum", "VACUUM t").transaction = TransactionMode::none;
  CHECK(bench.task("vacuum").exit == 0);

  add(bench, "broken", "INSERT INTO t VALUES (1); INSERT INTO nowhere VALUES (1)");
  const RunFinished failed = bench.task("broken");
  CHECK(failed.exit == 1);
  CHECK(bench.count("t") == "0");
  CHECK(bench.run_status() == "failed");

  add(bench, "unwanted", "INSERT INTO t VALUES (1)").when = [] {
    return Condition{false, "not today"};
  };
  CHECK(bench.task("unwanted").counts.at("skipped") == 1);
  CHECK(bench.count("t") == "0");
}

TEST_CASE("a task has inputs of its own, asks its confirm, and a wrong name names the nearest") {
  RunnerFixture bench;
  bench.options.assume_yes = false;
  bench.step("one", "SELECT 1");
  Task& task = add(bench, "clean", "SELECT 1");
  std::string seen;
  task.run.emplace_back(Function{[&] { seen = bench.session->input("days").value(); }, {}});
  Input days;
  days.name = "days";
  days.type = InputType::integer;
  task.inputs = {days};
  task.confirm = [] { return "Clean?"; };
  const RunFinished missing = bench.task("clean");
  CHECK(missing.exit == 5);
  CHECK_THAT(missing.error->hint(), ContainsSubstring("--set days=VALUE"));
  bench.answers.given = {{"days", "30"}, {"clean", "yes"}};
  CHECK(bench.task("clean").exit == 0);
  CHECK(seen == "30");
  const RunFinished wrong = bench.task("cleen");
  CHECK(wrong.exit == 2);
  CHECK_THAT(wrong.error->message(), ContainsSubstring("did you mean \"clean\"?"));
}

TEST_CASE("a task has the inputs and the state of the plan's run") {
  RunnerFixture bench;
  bench.step("one", [&] { bench.session->set_state(R"({"id": "7"})"); });
  CHECK(bench.run().exit == 0);
  std::string seen;
  add(bench, "look", "SELECT 1").run = {Function{[&] { seen = bench.session->state(); }, {}}};
  const RunFinished finished = bench.task("look");
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK_THAT(seen, ContainsSubstring("\"7\""));

  bench.input("name");
  bench.plan.id = "other";
  bench.answers.given = {{"name", "x"}};
  CHECK(bench.run().exit == 0);
  bench.answers.given.clear();
  bench.plan.tasks.clear();
  add(bench, "look", "SELECT 1").run = {
      Function{[&] { seen = bench.session->input("name").value() + bench.session->state(); }, {}}};
  CHECK(bench.task("look").exit == 0);
  CHECK_THAT(seen, ContainsSubstring("x{\"id\""));
}
