#include "runner/runner_fixture.h"
#include "runner/wired.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::RunnerFixture;
using test::Wired;

namespace {

Step& outside(RunnerFixture& bench, const std::string& title, const std::string& sql,
              const std::string& undo = "") {
  Step& step = bench.step(title, sql, undo);
  step.transaction = TransactionMode::none;
  return step;
}

void table(RunnerFixture& bench) {
  bench.database.sql("CREATE TABLE t (n int); INSERT INTO t SELECT generate_series(1, 50)");
}

}  // namespace

TEST_CASE("only the word CONCURRENTLY makes a statement concurrent") {
  const auto concurrent = [](const char* text) { return sql::split(text).at(0).concurrent; };
  CHECK(concurrent("CREATE INDEX CONCURRENTLY i ON t (n)"));
  CHECK(concurrent("DROP INDEX CONCURRENTLY i"));
  CHECK(concurrent("REINDEX TABLE CONCURRENTLY t"));
  CHECK(concurrent("REINDEX (CONCURRENTLY) INDEX i"));
  CHECK(concurrent("REFRESH MATERIALIZED VIEW CONCURRENTLY v"));
  CHECK(concurrent("ALTER TABLE t DETACH PARTITION p CONCURRENTLY"));
  CHECK_FALSE(concurrent("VACUUM /* concurrently */ t"));
  CHECK_FALSE(concurrent("CREATE INDEX i ON t (n) WHERE s = 'concurrently'"));
  CHECK_FALSE(concurrent("DROP INDEX concurrently_not"));
  CHECK_FALSE(concurrent("ALTER TABLE t DETACH PARTITION p"));
}

TEST_CASE("work outside a transaction leaves its intent first and is journaled when verified") {
  RunnerFixture bench;
  table(bench);
  std::string during;
  Step& step = outside(bench, "one", "CREATE INDEX CONCURRENTLY i ON t (n); VACUUM t");
  step.run.emplace_back(Function{[&] {
                                   during = bench.database.value("SELECT status FROM engine.step");
                                   bench.exec("UPDATE t SET n = n + 1 WHERE n > 40");
                                 },
                                 {}});
  step.verify = {test::bare([&] {
    bench.expect("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass", "t");
  })};
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(during == "intent");
  CHECK(bench.journaled("one") == "done");
}

TEST_CASE("a failed verification leaves the work unverified, and resume starts at its verify") {
  RunnerFixture bench;
  table(bench);
  Step& step = outside(bench, "one", "CREATE INDEX CONCURRENTLY i ON t (n)");
  step.verify = {test::bare([&] { bench.expect("SELECT count(*) FROM t WHERE n > 50", "1"); })};
  const RunFinished failed = bench.run();
  CHECK(failed.exit == 3);
  CHECK(failed.error->code() == Code::check_failed);
  CHECK(bench.journaled("one") == "unverified");
  CHECK(bench.database.value("SELECT count(*) FROM engine.check WHERE NOT ok") == "1");

  bench.database.sql("INSERT INTO t VALUES (51)");
  bench.events.clear();
  CHECK(bench.run().exit == 0);
  CHECK(bench.told<StatementDone>().empty());
  CHECK(bench.journaled("one") == "done");
}

TEST_CASE("an INVALID index that an attempt left is dropped and built again") {
  RunnerFixture bench;
  bench.database.sql("CREATE TABLE t (n int); INSERT INTO t VALUES (1), (1)");
  outside(bench, "one", "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (n)");
  const RunFinished failed = bench.run();
  CHECK(failed.exit == 3);
  CHECK(failed.error->sqlstate() == "23505");
  CHECK(bench.journaled("one") == "intent");
  CHECK(bench.database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass") ==
        "f");

  bench.database.sql("DELETE FROM t WHERE ctid = '(0,1)'");
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(bench.database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass") ==
        "t");
  CHECK(bench.told<Note>().size() == 1);
}

TEST_CASE("an INVALID index that a failure leaves is named, and no step is called finished") {
  RunnerFixture bench;
  bench.database.sql("CREATE TABLE t (n int); INSERT INTO t VALUES (1), (1)");
  outside(bench, "one", "CREATE UNIQUE INDEX CONCURRENTLY i ON t (n)");
  const RunFinished failed = bench.run();
  CHECK(failed.exit == 3);
  CHECK_THAT(failed.error->detail(), ContainsSubstring("Key (n)=(1) is duplicated"));
  CHECK_THAT(failed.error->detail(), ContainsSubstring("Index i is left INVALID"));
  CHECK(failed.none_finished);
  bench.plan.steps.insert(bench.plan.steps.begin(), bench.plan.steps.front());
  bench.plan.steps.front().id = bench.plan.steps.front().title = "before";
  bench.plan.steps.front().run = {test::block("SELECT 1")};
  bench.database.sql("DROP INDEX i; DROP SCHEMA engine CASCADE");
  const RunFinished second = bench.run();
  CHECK(second.exit == 3);
  CHECK_FALSE(second.none_finished);
}

TEST_CASE("an index that could not be begun leaves nothing to name") {
  RunnerFixture bench;
  outside(bench, "one", "CREATE INDEX CONCURRENTLY i ON nowhere (n)");
  CHECK(bench.run().error->detail().empty());
}

TEST_CASE(
    "a function that was cut off and fails when done again says what stands, and how to go on") {
  Wired wired;
  RunnerFixture& bench = wired.bench;
  Step& step = bench.step("one", [&] {
    bench.exec("CREATE TABLE n1 (id int)");
    wired.lose_at("last words");
    bench.exec("SELECT 'last words'");
  });
  step.transaction = TransactionMode::none;
  // Done again over a new connection, then by a new command.
  for (int attempt = 0; attempt < 2; ++attempt) {
    const RunFinished failed = bench.run();
    CHECK(failed.exit == 3);
    REQUIRE(failed.error);
    CHECK(failed.error->sqlstate() == "42P07");
    for (const char* words : {"earlier attempt", "engine rollback plans/bench.lua", "a `done`",
                              "engine resolve plans/bench.lua \"one\" --done, or --undone"}) {
      CHECK_THAT(failed.error->hint(), ContainsSubstring(words));
    }
    CHECK(bench.journaled("one") == "intent");
  }
}

TEST_CASE("after a crash, an index that was finished is not built again") {
  RunnerFixture bench;
  table(bench);
  outside(bench, "one",
          "CREATE INDEX CONCURRENTLY i ON t (n); CREATE INDEX CONCURRENTLY j ON t ((n + 1)); DROP "
          "INDEX CONCURRENTLY k");
  bench.database.sql("CREATE INDEX k ON t ((n + 2))");
  // The engine died after the first index and the drop, before it could say so.
  bench.on_event = [&](const Event& event) {
    if (std::holds_alternative<StatementDone>(event.body)) throw std::runtime_error("died");
  };
  CHECK(bench.run().exit != 0);
  bench.on_event = nullptr;
  bench.database.sql("DROP INDEX k; UPDATE engine.step SET status = 'intent'");
  CHECK(bench.database.value("SELECT to_regclass('j')").empty());
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK_FALSE(bench.database.value("SELECT to_regclass('j')").empty());
}

TEST_CASE("after a crash, the done probe decides") {
  RunnerFixture bench;
  table(bench);
  bool found = true;
  Step& step = outside(bench, "one", "ALTER TABLE t ADD COLUMN m int");
  step.done = [&] {
    return Condition{found && bench.query("SELECT count(*) FROM pg_attribute WHERE attrelid = "
                                          "'t'::regclass AND attname = 'm'") == "1",
                     ""};
  };
  step.when = [&] { return Condition{bench.query("SELECT count(*) FROM engine.step") == "0", ""}; };
  bench.step("two", "SELECT 1/0");
  CHECK(bench.run().exit == 3);
  bench.database.sql("UPDATE engine.step SET status = 'intent' WHERE step = 'one'");
  bench.events.clear();
  bench.plan.steps.pop_back();
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(bench.told<StatementDone>().empty());
  CHECK(bench.journaled("one") == "done");
}

TEST_CASE("a first statement that leaves nothing behind is exit 1") {
  RunnerFixture bench;
  outside(bench, "one", "VACUUM nowhere");
  CHECK(bench.run().exit == 1);
  CHECK(bench.journaled("one") == "failed");
}

TEST_CASE("a later failure keeps the intent, since the first statement stands") {
  RunnerFixture bench;
  table(bench);
  outside(bench, "one", "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (n); VACUUM nowhere",
          "DROP INDEX CONCURRENTLY IF EXISTS i");
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 3);
  CHECK(finished.error->source().line == 10);
  CHECK(bench.journaled("one") == "intent");
  CHECK(bench.rollback().exit == 0);
  CHECK(bench.database.value("SELECT to_regclass('i')").empty());
}

TEST_CASE(
    "settings of work outside a transaction end with it, and concurrent builds wait without a "
    "lock_timeout") {
  RunnerFixture bench;
  table(bench);
  bench.database.sql(
      "CREATE FUNCTION seen(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN "
      "RAISE NOTICE 'lock_timeout %', current_setting('lock_timeout'); RETURN n; END $$");
  Step& step = outside(bench, "one",
                       "SELECT seen(1); CREATE INDEX CONCURRENTLY i ON t (seen(1)); SELECT "
                       "seen(2); SET work_mem = '1MB'");
  step.lock_timeout = "";
  std::string after;
  bench.step("two", [&] { after = bench.query("SELECT current_setting('work_mem')"); });
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(after == "4MB");
  std::vector<std::string> notices;
  for (const NoticeSeen& notice : bench.told<NoticeSeen>()) {
    if (notices.empty() || notices.back() != notice.message) notices.push_back(notice.message);
  }
  CHECK(notices ==
        std::vector<std::string>{"lock_timeout 3s", "lock_timeout 0", "lock_timeout 3s"});
}
