#include "runner/runner_fixture.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::RunnerFixture;

TEST_CASE("a plan of SQL steps runs, is journaled, and does nothing when run again") {
  RunnerFixture bench;
  bench.step("one", "CREATE TABLE t (n int); INSERT INTO t SELECT generate_series(1, 3)");
  bench.step("two", "UPDATE t SET n = n + 1 WHERE n > 1");
  const RunFinished first = bench.run();
  INFO(test::message_of(first));
  CHECK(first.exit == 0);
  CHECK(first.status == Ending::done);
  CHECK(first.counts.at("done") == 2);
  CHECK(bench.journaled("one") == "done");
  CHECK(bench.run_status() == "done");
  CHECK(bench.database.value("SELECT rows FROM engine.step WHERE step = 'one'") == "3");
  CHECK(bench.database.value("SELECT sum(n) FROM t") == "8");

  const RunFinished again = bench.run();
  CHECK(again.exit == 0);
  CHECK(again.status == Ending::nothing_to_do);
  CHECK(bench.database.value("SELECT sum(n) FROM t") == "8");
}

TEST_CASE("statements are told with the plan's line, their tag and their rows") {
  RunnerFixture bench;
  Step& step = bench.step("one", "");
  step.run = {test::block("CREATE TABLE t (n int);\n\nINSERT INTO t\n VALUES (1), (2);", 40)};
  CHECK(bench.run().exit == 0);
  const auto told = bench.told<StatementDone>();
  REQUIRE(told.size() == 2);
  CHECK(told[0].line == 40);
  CHECK(told[0].tag == "CREATE TABLE");
  CHECK(told[1].line == 42);
  CHECK(told[1].rows == 2);
  CHECK(told[1].file == "plans/bench.lua");
}

TEST_CASE(
    "a failing statement leaves nothing of its step, and says the plan's line and both ways on") {
  RunnerFixture bench;
  bench.step("one", "CREATE TABLE t (n int PRIMARY KEY)");
  Step& two = bench.step("two", "INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (1)");
  two.hints["23505"] = "Remove the duplicates.";
  bench.plan.support = "Ask the database team.";
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 3);
  CHECK(finished.status == Ending::failed);
  REQUIRE(finished.error);
  CHECK(finished.error->sqlstate() == "23505");
  CHECK(finished.error->hint() == "Remove the duplicates.");
  CHECK(finished.error->source().line == 21);
  CHECK(finished.next == "engine run plans/bench.lua");
  CHECK(finished.undo == "engine rollback plans/bench.lua");
  CHECK(finished.support == "Ask the database team.");
  CHECK(bench.count("t") == "0");
  CHECK(bench.journaled("two") == "failed");
  CHECK(bench.run_status() == "failed");
  CHECK(bench.database.value("SELECT outcome || sqlstate FROM engine.attempt") == "sql23505");
}

TEST_CASE("a failure with nothing standing is exit 1, and the next run begins at that step") {
  RunnerFixture bench;
  bench.step("one", "INSERT INTO missing VALUES (1)");
  bench.plan.hints["42P01"] = "Create the table.";
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 1);
  CHECK(finished.undo.empty());
  CHECK(finished.error->hint() == "Create the table.");
  bench.database.sql("CREATE TABLE missing (n int)");
  CHECK(bench.run().exit == 0);
  CHECK(bench.database.value("SELECT count(*) FROM engine.run") == "1");
}

TEST_CASE("a failed check commits nothing, and all checks of the step are told") {
  RunnerFixture bench;
  Step& step = bench.step("one", "CREATE TABLE t (n int); INSERT INTO t VALUES (1)");
  step.verify = {
      test::bare([&] { bench.expect("SELECT count(*) FROM t", "2"); }),
      test::titled(CheckKind::check, "has a one", [&] { bench.expect("SELECT n FROM t", "1"); }),
      test::titled(CheckKind::check, "broken", [&] { bench.exec("SELECT nonsense"); }),
      test::titled(CheckKind::test, "writes", [&] {
        bench.exec("DELETE FROM t");
        bench.expect("SELECT count(*) FROM t", "0");
      })};
  step.verify[2].hint = "Look at the columns.";
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 1);
  REQUIRE(finished.error);
  CHECK(finished.error->code() == Code::check_failed);
  CHECK_THAT(finished.error->message(), ContainsSubstring("2 of 4 checks"));
  CHECK_THAT(finished.error->detail(), ContainsSubstring("expected 2, got 1"));
  CHECK(finished.error->hint() == "Look at the columns.");
  CHECK(bench.told<CheckDone>().size() == 4);
  CHECK(bench.database.value("SELECT to_regclass('t')").empty());
  CHECK(bench.database.value("SELECT count(*) FROM engine.check WHERE NOT ok") == "2");
}

TEST_CASE("what verify and tests change is rolled back") {
  RunnerFixture bench;
  Step& step = bench.step("one", "CREATE TABLE t (n int); INSERT INTO t VALUES (1)");
  step.verify = {test::titled(CheckKind::test, "writes", [&] { bench.exec("DELETE FROM t"); }),
                 test::bare([&] { bench.expect("SELECT count(*) FROM t", "1"); })};
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(bench.count("t") == "1");
}

TEST_CASE("what the last test of a step changes is rolled back too") {
  RunnerFixture bench;
  bench.step("one", "CREATE TABLE t (n int)").verify = {
      test::titled(CheckKind::test, "writes", [&] { bench.exec("INSERT INTO t VALUES (1)"); })};
  CHECK(bench.run().exit == 0);
  CHECK(bench.count("t") == "0");
}

TEST_CASE("a step that is not wanted is skipped for good, with its reason") {
  RunnerFixture bench;
  bool wanted = false;
  Step& step = bench.step("one", "CREATE TABLE t ()");
  step.when = [&] { return Condition{wanted, "starting fresh"}; };
  bench.step("two", "SELECT 1");
  CHECK(bench.run().exit == 0);
  CHECK(bench.journaled("one") == "skipped");
  CHECK(bench.told<StepFinished>()[0].reason == "starting fresh");
  wanted = true;
  CHECK(bench.run().status == Ending::nothing_to_do);
  CHECK(bench.database.value("SELECT to_regclass('t')").empty());
}

TEST_CASE("when reads in a transaction that can change nothing") {
  RunnerFixture bench;
  bench.database.sql("CREATE TABLE log (n int)");
  bench.step("one", "SELECT 1").when = [&] {
    bench.exec("INSERT INTO log VALUES (1)");
    return Condition{};
  };
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 1);
  CHECK(finished.error->sqlstate() == "25006");
  CHECK(bench.count("log") == "0");
}

TEST_CASE("work that is found done is verified, journaled as such, and not done again") {
  RunnerFixture bench;
  bench.database.sql("CREATE TABLE t (n int)");
  Step& step = bench.step("one", "CREATE TABLE t (n int)", "DROP TABLE t");
  step.done = [&] {
    return Condition{bench.query("SELECT to_regclass('t')") == "t", "made by hand"};
  };
  int verified = 0;
  step.verify = {test::bare([&] { ++verified; })};
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(verified == 1);
  CHECK(bench.journaled("one") == "found_done");
  CHECK(bench.told<StepFinished>()[0].reason == "made by hand");
  CHECK(bench.rollback().exit == 0);
  CHECK(bench.database.value("SELECT to_regclass('t')").empty());
}

TEST_CASE("a confirm that is answered no ends the run before its step") {
  RunnerFixture bench;
  bench.answers.given["two"] = "no";
  bench.step("one", "CREATE TABLE t ()");
  bench.step("two", "DROP TABLE t").confirm = [] { return "Drop it?"; };
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 3);
  CHECK(finished.error->code() == Code::answer_no);
  CHECK(bench.run_status() == "stopped");
  CHECK(bench.journaled("two").empty());
  CHECK_FALSE(bench.database.value("SELECT to_regclass('t')").empty());
  bench.answers.given["two"] = "yes";
  CHECK(bench.run().exit == 0);
}

TEST_CASE("no to the first confirm is exit 5, and no to the first question touches nothing") {
  RunnerFixture bench;
  bench.step("one", "CREATE TABLE t ()").confirm = [] { return "Sure?"; };
  bench.answers.given["one"] = "no";
  CHECK(bench.run().exit == 5);

  RunnerFixture other;
  other.step("one", "CREATE TABLE t ()");
  other.answers.given["run"] = "no";
  const RunFinished finished = other.run();
  CHECK(finished.exit == 5);
  CHECK(finished.status == Ending::refused);
  CHECK(other.database.value("SELECT to_regnamespace('engine')").empty());
}

TEST_CASE("no transaction is open while a person thinks") {
  RunnerFixture bench;
  bench.options.assume_yes = false;
  bench.answers.is_interactive = true;
  bench.input("name");
  bench.answers.person["name"] = "x";
  bench.database.sql("CREATE TABLE t (n int)");
  std::vector<std::string> states;
  bench.answers.while_thinking = [&] {
    states.push_back(
        bench.database.value("SELECT string_agg(DISTINCT state, ',') FROM pg_stat_activity WHERE "
                             "datname = current_database() AND pid <> "
                             "pg_backend_pid() AND backend_type = 'client backend'"));
  };
  Step& step = bench.step("one", [&] {
    bench.session->ask({"colour", "Which?", Ask::Kind::text, {}, std::nullopt});
    bench.exec("INSERT INTO t VALUES (1)");
  });
  step.when = [&] { return Condition{bench.query("SELECT count(*) FROM t") == "0", ""}; };
  step.confirm = [&] { return "Fill " + bench.query("SELECT count(*) FROM t") + " rows?"; };
  bench.manual("look");
  bench.answers.person["look"] = "done";
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(bench.answers.asked == std::vector<std::string>{"name", "run", "one", "colour", "look"});
  CHECK(states == std::vector<std::string>{"idle", "idle", "idle", "idle", "idle"});
}

TEST_CASE("ask after the first statement of a step is refused") {
  RunnerFixture bench;
  bench.answers.is_interactive = true;
  bench.step("one", [&] {
    bench.exec("CREATE TABLE t ()");
    bench.session->ask({"colour", "Which?", Ask::Kind::text, {}, std::nullopt});
  });
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 1);
  CHECK(finished.error->code() == Code::wrong_moment);
  CHECK(bench.answers.asked.empty());
}

TEST_CASE("a manual step: later waits, skip skips, failed fails, done is verified") {
  RunnerFixture bench;
  bench.step("one", "CREATE TABLE t (n int)");
  Step& manual = bench.manual("fill");
  manual.verify = {test::bare([&] { bench.expect("SELECT count(*) FROM t", "1"); })};
  bench.answers.given["fill"] = "later";
  const RunFinished waiting = bench.run();
  CHECK(waiting.exit == 9);
  CHECK(waiting.status == Ending::waiting);
  CHECK(bench.journaled("fill") == "waiting");
  CHECK(bench.run_status() == "waiting");

  bench.answers.given["fill"] = "failed";
  CHECK(bench.run().exit == 3);
  bench.answers.given["fill"] = "done";
  CHECK(bench.run().exit == 3);
  bench.database.sql("INSERT INTO t VALUES (1)");
  CHECK(bench.run().exit == 0);
  CHECK(bench.journaled("fill") == "done");

  RunnerFixture other;
  other.manual("look");
  other.answers.given["look"] = "skip";
  CHECK(other.run().exit == 0);
  CHECK(other.journaled("look") == "skipped");
}

TEST_CASE("a standing check that fails fails the run") {
  RunnerFixture bench;
  bench.step("one", "CREATE TABLE t ()");
  bench.check("holds", [&] { bench.expect("SELECT 1", "2"); });
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 3);
  CHECK_THAT(finished.error->message(), ContainsSubstring("expected 2, got 1"));
}

TEST_CASE("state is committed with its step, and there on resume") {
  RunnerFixture bench;
  bench.step("one", [&] { bench.session->set_state(R"({"id": "7"})"); });
  std::string seen;
  bool broken = true;
  bench.step("two", [&] {
    bench.session->set_state(R"({"id": "lost"})");
    bench.exec(broken ? "SELECT 1/0" : "SELECT 1");
  });
  bench.step("three", [&] { seen = bench.session->state(); });
  CHECK(bench.run().exit == 3);
  CHECK(bench.database.value("SELECT state->>'id' FROM engine.run") == "7");
  broken = false;
  bench.plan.steps[1].run = {Function{[&] { seen = bench.session->state(); }, {}}};
  CHECK(bench.run().exit == 0);
  CHECK_THAT(seen, ContainsSubstring("\"7\""));
}
