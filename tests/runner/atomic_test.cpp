#include "runner/runner_fixture.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::RunnerFixture;

TEST_CASE("an atomic plan commits all of its steps or none") {
  RunnerFixture bench;
  bench.plan.atomic = true;
  bench.step("one", "CREATE TABLE t (n int PRIMARY KEY)");
  bench.step("two", "INSERT INTO t VALUES (1)");
  bench.step("three", "INSERT INTO t VALUES (1)");
  const RunFinished failed = bench.run();
  CHECK(failed.exit == 1);
  CHECK(bench.database.value("SELECT to_regclass('t')").empty());
  CHECK(bench.journaled("one").empty());
  CHECK(bench.journaled("three") == "failed");
  REQUIRE(bench.told<StepFinished>().size() == 1);
  CHECK(bench.told<StepFinished>()[0].step == "three");

  bench.plan.steps[2].run = {test::block("INSERT INTO t VALUES (2)")};
  CHECK(bench.run().exit == 0);
  CHECK(bench.count("t") == "2");
  CHECK(bench.journaled("one") == "done");
  CHECK(bench.database.value("SELECT count(DISTINCT xmin::text) FROM engine.step") == "1");
}

TEST_CASE("an atomic phase is one transaction between others") {
  RunnerFixture bench;
  bench.step("before", "CREATE TABLE t (n int)");
  bench.phase("Together", true);
  bench.step("one", "INSERT INTO t VALUES (1)");
  Step& two = bench.step("two", "INSERT INTO t VALUES (2)");
  two.verify = {test::bare([&] { bench.expect("SELECT count(*) FROM t", "3"); })};
  bench.phase("After");
  bench.step("after", "SELECT 1");
  CHECK(bench.run().exit == 3);
  CHECK(bench.count("t") == "0");
  CHECK(bench.journaled("before") == "done");
  CHECK(bench.journaled("one").empty());
  bench.database.sql("INSERT INTO t VALUES (9)");
  CHECK(bench.run().exit == 0);
  CHECK(bench.count("t") == "3");
  CHECK(bench.told<PhaseStarted>().back().title == "After");
}

TEST_CASE("when of an atomic step sees the steps before it, and changes nothing") {
  RunnerFixture bench;
  bench.plan.atomic = true;
  bench.step("one", "CREATE TABLE t (n int)");
  bench.step("two", "INSERT INTO t VALUES (1)").when = [&] {
    return Condition{bench.query("SELECT count(*) FROM t") == "0", ""};
  };
  bench.step("three", "INSERT INTO t VALUES (2)").when = [&] {
    bench.exec("DELETE FROM t");
    return Condition{false, "not today"};
  };
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(bench.database.value("SELECT string_agg(n::text, ',') FROM t") == "1");
  CHECK(bench.journaled("three") == "skipped");
}

TEST_CASE("an atomic step that is found done is journaled as such, and not done again") {
  RunnerFixture bench;
  bench.options.assume_yes = false;
  bench.answers.given = {{"run", "yes"}, {"one", "no"}};
  bench.plan.atomic = true;
  Step& one = bench.step("one", "SELECT 1/0");
  one.done = [&] {
    return Condition{bench.query("SELECT to_regclass('t') IS NOT NULL") == "t", "it is there"};
  };
  one.confirm = [] { return "Never asked?"; };
  bench.step("two", "INSERT INTO t VALUES (1)").done = [&] {
    return Condition{bench.query("SELECT count(*) FROM t") == "1", ""};
  };
  bench.plan.steps[0].verify = {test::bare([&] { bench.expect("SELECT count(*) FROM t", "0"); })};
  bench.database.sql("CREATE TABLE t (n int)");
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(bench.count("t") == "1");
  CHECK(bench.journaled("one") == "found_done");
  CHECK(bench.journaled("two") == "done");
  CHECK(bench.told<StepFinished>()[0].reason == "it is there");
}

TEST_CASE("questions of an atomic plan come before its transaction") {
  RunnerFixture bench;
  bench.options.assume_yes = false;
  bench.answers.is_interactive = true;
  bench.plan.atomic = true;
  bench.step("one", "CREATE TABLE t (n int)");
  bench.step("two", "INSERT INTO t VALUES (1)").confirm = [] { return "Fill it?"; };
  bench.answers.while_thinking = [&] {
    CHECK(bench.database.value("SELECT to_regclass('t')").empty());
  };
  CHECK(bench.run().exit == 0);
  CHECK(bench.answers.asked == std::vector<std::string>{"run", "two"});
}

TEST_CASE("an ask within an atomic plan is refused once its transaction is open") {
  RunnerFixture bench;
  bench.plan.atomic = true;
  bench.answers.is_interactive = true;
  bench.step("one", "CREATE TABLE t (n int)");
  bench.step("two", [&] { bench.session->ask({"x", "x?", Ask::Kind::text, {}, std::nullopt}); });
  const RunFinished finished = bench.run();
  CHECK(finished.error->code() == Code::wrong_moment);
  CHECK_THAT(finished.error->message(), ContainsSubstring("the transaction of an atomic phase"));
  CHECK_THAT(finished.error->hint(), ContainsSubstring("Declare an input"));
}
