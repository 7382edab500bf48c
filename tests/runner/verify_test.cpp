#include "runner/runner_fixture.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::RunnerFixture;

TEST_CASE("verify repeats checks of finished steps, and neither tests nor bare ones") {
  RunnerFixture bench;
  int bare = 0, checked = 0, tested = 0;
  Step& step = bench.step("one", "CREATE TABLE t (n int)");
  step.verify = {test::bare([&] { ++bare; }),
                 test::titled(CheckKind::check, "empty",
                              [&] {
                                ++checked;
                                bench.expect("SELECT count(*) FROM t", "0");
                              }),
                 test::titled(CheckKind::test, "writes", [&] { ++tested; })};
  bench.check("standing", [&] { bench.expect("SELECT 1", "1"); });
  CHECK(bench.run().exit == 0);
  bench.events.clear();
  const RunFinished finished = bench.verify();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(finished.counts.at("checks") == 2);
  CHECK(bare == 1);
  CHECK(checked == 2);
  CHECK(tested == 1);

  bench.database.sql("INSERT INTO t VALUES (1)");
  const RunFinished failed = bench.verify();
  CHECK(failed.exit == 4);
  CHECK(failed.error->code() == Code::checks_failed);
  CHECK(failed.counts.at("failed_checks") == 1);
  CHECK(bench.journaled("one") == "done");
}

TEST_CASE("verify changes nothing, whatever a check tries") {
  RunnerFixture bench;
  bench.database.sql("CREATE TABLE t (n int)");
  bool writes = false;
  bench.check("sly", [&] {
    if (writes) bench.exec("INSERT INTO t VALUES (1)");
    CHECK_FALSE(bench.session->may_write());
  });
  CHECK(bench.run().exit == 0);
  writes = true;
  const RunFinished finished = bench.verify();
  CHECK(finished.exit == 4);
  CHECK(bench.count("t") == "0");
}

TEST_CASE("verify has the run's inputs, and needs a run") {
  RunnerFixture bench;
  bench.input("name");
  bench.answers.given["name"] = "x";
  std::string seen;
  bench.check("one", [&] { seen = bench.session->input("name").value_or("none"); });
  const RunFinished refused = bench.verify();
  CHECK(refused.exit == 5);
  CHECK_THAT(refused.error->hint(), ContainsSubstring("engine run"));
  CHECK(bench.run().exit == 0);
  bench.answers.given.clear();
  seen.clear();
  CHECK(bench.verify().exit == 0);
  CHECK(seen == "x");
}

TEST_CASE("a finished run without checks has nothing to verify") {
  RunnerFixture bench;
  bench.step("one", "SELECT 1");
  CHECK(bench.run().exit == 0);
  CHECK(bench.verify().status == Ending::nothing_to_do);
  CHECK(bench.told<Note>().back().text == "no finished step has a check that can be repeated");
}

TEST_CASE("verify says how much of an unfinished run it could not verify") {
  RunnerFixture bench;
  bench.check("holds", [&] { bench.expect("SELECT 1", "1"); });
  bench.step("two", "SELECT 1/0");
  bench.step("three", "SELECT 1");
  CHECK(bench.run().exit == 3);
  CHECK(bench.verify().exit == 0);
  CHECK(bench.told<Note>().back().text == "2 steps are not done, and not verified");

  RunnerFixture none;
  none.step("one", "SELECT 1/0");
  CHECK(none.run().exit == 1);
  const RunFinished refused = none.verify();
  CHECK(refused.exit == 5);
  CHECK(refused.error->message() == "no step of plan bench is done on the bench");
}

TEST_CASE(
    "verify and resolve speak of the run that they are given, and refuse one that is not there") {
  RunnerFixture bench;
  std::string seen;
  bench.input("name");
  bench.answers.given["name"] = "first";
  bench.check("one", [&] { seen = bench.session->input("name").value_or("none"); });
  CHECK(bench.run().exit == 0);
  const std::string first = bench.database.value("SELECT id FROM engine.run");
  CHECK(bench.rollback().exit == 0);
  bench.answers.given["name"] = "second";
  CHECK(bench.run().exit == 0);
  bench.answers.given.clear();
  CHECK(bench.verify().exit == 0);
  CHECK(seen == "second");

  bench.options.run = first;
  const RunFinished undone = bench.verify();
  CHECK(undone.exit == 5);
  CHECK(undone.error->message() ==
        "no step of plan bench is done on the bench: run " + first + " was rolled back");
  CHECK(bench.resolve("one", Resolution::done).exit == 5);
  bench.options.run = "20200101-000000-0000";
  CHECK(bench.verify().exit == 2);
  CHECK(bench.resolve("one", Resolution::done).exit == 2);
}

TEST_CASE("a check cannot write, not even through a function; a test and a bare one can") {
  RunnerFixture bench;
  bench.database.sql(
      "CREATE TABLE t (n int); CREATE FUNCTION sly() RETURNS int LANGUAGE sql AS"
      " 'INSERT INTO t VALUES (1) RETURNING n'");
  Step& step = bench.step("one", "INSERT INTO t VALUES (0)");
  step.verify = {
      test::bare([&] { bench.expect("SELECT sly()", "1"); }),
      test::titled(CheckKind::test, "tries", [&] { bench.expect("SELECT sly()", "1"); }),
      test::titled(CheckKind::check, "looks", [&] { bench.expect("SELECT count(*) FROM t", "1"); }),
      test::titled(CheckKind::test, "tries again", [&] { bench.expect("SELECT sly()", "1"); })};
  const RunFinished held = bench.run();
  INFO(test::message_of(held));
  CHECK(held.exit == 0);
  CHECK(bench.count("t") == "1");

  RunnerFixture other;
  other.database.sql("CREATE TABLE t (n int)");
  other.step("one", "INSERT INTO t VALUES (0)").verify = {
      test::titled(CheckKind::check, "writes", [&] { other.exec("INSERT INTO t VALUES (1)"); })};
  const RunFinished refused = other.run();
  CHECK(refused.exit == 1);
  CHECK(refused.error->sqlstate() == "25006");
  CHECK_THAT(refused.error->message(), ContainsSubstring("in a read-only transaction"));
  CHECK_THAT(refused.error->hint(), ContainsSubstring("Use a test instead"));
  CHECK(other.count("t") == "0");
}
