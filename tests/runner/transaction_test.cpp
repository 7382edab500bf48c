#include "base/interrupt.h"
#include "runner/runner_fixture.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::RunnerFixture;

TEST_CASE("an engine whose run was taken over commits nothing") {
  RunnerFixture bench;
  bench.step("one", "CREATE TABLE t (n int)");
  bench.step("two", [&] { bench.exec("INSERT INTO t VALUES (1)"); });
  bench.on_event = [&](const Event& event) {
    const auto* started = std::get_if<StepStarted>(&event.body);
    if (started != nullptr && started->step == "two")
      bench.database.sql("UPDATE engine.run SET epoch = epoch + 1");
  };
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 3);
  CHECK(finished.error->code() == Code::lock_held);
  CHECK(bench.count("t") == "0");
  CHECK(bench.journaled("two").empty());
  CHECK(bench.database.value("SELECT count(*) FROM engine.attempt") == "0");
  CHECK(bench.run_status() == "running");
}

TEST_CASE("a check-only step of an engine that was taken over is not journaled either") {
  RunnerFixture bench;
  bench.check("holds", [] {});
  bench.on_event = [&](const Event& event) {
    if (std::holds_alternative<StepStarted>(event.body))
      bench.database.sql("UPDATE engine.run SET epoch = epoch + 1");
  };
  CHECK(bench.run().error->code() == Code::lock_held);
  CHECK(bench.journaled("holds").empty());
}

TEST_CASE("the epoch cannot be taken while a step holds it") {
  RunnerFixture bench;
  std::string waited;
  bench.step("one", [&] {
    bench.exec("SELECT 1");
    try {
      bench.database.sql("SET lock_timeout = '50ms'; UPDATE engine.run SET epoch = epoch + 1");
    } catch (const std::exception& error) {
      waited = error.what();
    }
  });
  CHECK(bench.run().exit == 0);
  CHECK_THAT(waited, ContainsSubstring("lock timeout"));
}

TEST_CASE("a swallowed error does not become a commit") {
  RunnerFixture bench;
  bench.step("one", [&] {
    bench.exec("CREATE TABLE t ()");
    try {
      bench.exec("SELECT 1/0");
    } catch (const Error&) {
    }
  });
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 1);
  CHECK_THAT(finished.error->message(), ContainsSubstring("the plan caught its error"));
  CHECK(bench.journaled("one") == "failed");
  CHECK(bench.database.value("SELECT to_regclass('t')").empty());
}

TEST_CASE("an error swallowed in a verify does not hurt the checks after it, nor the commit") {
  RunnerFixture bench;
  Step& step = bench.step("one", "CREATE TABLE t ()");
  step.verify = {test::bare([&] {
                   try {
                     bench.exec("SELECT 1/0");
                   } catch (const Error&) {
                   }
                 }),
                 test::bare([&] { bench.expect("SELECT 1", "1"); })};
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(bench.told<CheckDone>().size() == 1);
}

TEST_CASE("a function that ends its transaction is caught") {
  RunnerFixture bench;
  bench.step("one", [&] {
    bench.exec("CREATE TABLE t ()");
    bench.exec("COMMIT");
  });
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 1);
  CHECK_THAT(finished.error->message(), ContainsSubstring("ended its step's transaction"));
  CHECK(bench.journaled("one") == "failed");
}

TEST_CASE("deferred constraints are checked before the verification") {
  RunnerFixture bench;
  bench.database.sql(
      "CREATE TABLE parent (id int PRIMARY KEY);"
      "CREATE TABLE child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)");
  bool verified = false;
  Step& step = bench.step("one", "INSERT INTO child VALUES (1)");
  step.at = {"plans/bench.lua", 70};
  step.verify = {test::bare([&] { verified = true; })};
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 1);
  CHECK(finished.error->sqlstate() == "23503");
  CHECK_FALSE(verified);
  CHECK_THAT(finished.error->message(),
             ContainsSubstring("a deferred constraint or trigger failed at the end of step"));
  CHECK(finished.error->source().line == 70);
  CHECK(finished.error->statement().empty());
  CHECK(finished.error->constraint() == "child_id_fkey");
}

TEST_CASE("role and settings of a step end with it, and the journal is not written under them") {
  RunnerFixture bench;
  bench.database.sql("CREATE ROLE " + bench.database.name() +
                     "_weak; GRANT CREATE ON SCHEMA public TO PUBLIC");
  bench.step(
      "one",
      "CREATE TABLE t (n int); SET ROLE " + bench.database.name() +
          "_weak; SET search_path = pg_temp; SET lock_timeout = '1ms'; SET DateStyle = 'German'");
  std::string seen;
  bench.step("two", [&] {
    seen = bench.query(
        "SELECT current_user || ' ' || current_setting('search_path') || ' ' || "
        "current_setting('lock_timeout') || ' ' || current_setting('DateStyle')");
    bench.exec("SET ROLE " + bench.database.name() + "_weak");
  });
  bench.check("three", [&] { bench.expect("SELECT current_user", "postgres"); });
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(seen == "postgres \"$user\", public 3s ISO, MDY");
  bench.database.sql("DROP OWNED BY " + bench.database.name() + "_weak; DROP ROLE " +
                     bench.database.name() + "_weak");
}

TEST_CASE("timeouts and search_path are the step's, else the plan's") {
  RunnerFixture bench;
  bench.database.sql("CREATE SCHEMA shop");
  bench.plan.search_path = "shop, public";
  bench.plan.lock_timeout = "5s";
  bench.plan.statement_timeout = "20s";
  std::vector<std::string> seen;
  const auto look = [&] {
    seen.push_back(bench.query(
        "SELECT current_setting('search_path') || ' ' || current_setting('lock_timeout') || ' ' "
        "|| current_setting('statement_timeout')"));
  };
  bench.step("one", look);
  Step& two = bench.step("two", look);
  two.lock_timeout = "7s";
  two.statement_timeout = "9s";
  Step& three = bench.step("three", "SELECT 1");
  three.verify = {test::bare(look)};
  CHECK(bench.run().exit == 0);
  CHECK(seen == std::vector<std::string>{"shop, public 5s 20s", "shop, public 7s 9s",
                                         "shop, public 5s 20s"});
}

TEST_CASE("an interruption rolls the step back, and says so with 130") {
  RunnerFixture bench;
  bench.step("one", "CREATE TABLE t (n int)");
  bench.step("two", [&] {
    bench.exec("INSERT INTO t VALUES (1)");
    interrupt::request();
    bench.exec("SELECT pg_sleep(10)");
  });
  const RunFinished finished = bench.run();
  CHECK_FALSE(interrupt::requested());
  CHECK(finished.exit == 130);
  CHECK(finished.status == Ending::interrupted);
  CHECK(finished.next == "engine run plans/bench.lua");
  CHECK(finished.undo == "engine rollback plans/bench.lua");
  CHECK(bench.count("t") == "0");
  CHECK(bench.journaled("two").empty());
  CHECK(bench.database.value("SELECT outcome FROM engine.attempt") == "interrupted");
  CHECK(bench.run_status() == "stopped");
  bench.plan.steps[1].run = {test::block("INSERT INTO t VALUES (1)")};
  CHECK(bench.run().exit == 0);
}

TEST_CASE("notices of the server are told with their step") {
  RunnerFixture bench;
  bench.step("one", "DROP TABLE IF EXISTS nowhere");
  CHECK(bench.run().exit == 0);
  const auto told = bench.told<NoticeSeen>();
  REQUIRE(told.size() == 1);
  CHECK(told[0].step == "one");
  CHECK(told[0].severity == "NOTICE");
  CHECK_THAT(told[0].message, ContainsSubstring("nowhere"));
}

TEST_CASE("no success is told before its commit has returned") {
  RunnerFixture bench;
  std::string seen = "not asked";
  bench.step("one", "CREATE TABLE t ()");
  bench.on_event = [&](const Event& event) {
    if (std::holds_alternative<StepFinished>(event.body)) seen = bench.journaled("one");
  };
  CHECK(bench.run().exit == 0);
  CHECK(seen == "done");
}

TEST_CASE("SQL that commits by itself is told to stand outside a transaction") {
  RunnerFixture bench;
  bench.database.sql("CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$");
  Step& step = bench.step("one", "");
  for (const char* sql :
       {"DO $$ BEGIN COMMIT; END $$", "CALL p()", "DO $$ BEGIN ROLLBACK; END $$"}) {
    step.run = {test::block(sql)};
    const RunFinished finished = bench.run();
    CHECK(finished.error->sqlstate() == "2D000");
    CHECK_THAT(finished.error->hint(), ContainsSubstring("transaction = \"none\""));
  }
  step.run = {Function{[&] { bench.exec("VACUUM"); }, {}}};
  CHECK_THAT(bench.run().error->hint(), ContainsSubstring("transaction = \"none\""));
  step.transaction = TransactionMode::none;
  step.run = {test::block("CALL p()")};
  CHECK(bench.run().exit == 0);
}
