#include "runner/runner_fixture.h"
#include "runner/wired.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::Fault;
using test::RunnerFixture;
using test::Wired;

namespace {

// Each kind of step; the counts at the end tell of a statement that happened twice or not at all.
void fill(RunnerFixture& bench) {
  bench.database.sql("CREATE TABLE t (n int)");
  Step& one = bench.step("sql", "INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)",
                         "DELETE FROM t WHERE n < 3");
  one.verify = {test::bare([&] { bench.expect("SELECT count(*) FROM t WHERE n < 3", "2"); })};
  Step& two = bench.step(
      "function",
      [&] {
        bench.exec("INSERT INTO t VALUES (3)");
        bench.session->set_state(R"({"three": "3"})");
      },
      "DELETE FROM t WHERE n = 3");
  two.when = [&] {
    return Condition{bench.query("SELECT count(*) FROM t WHERE n = 3") == "0", ""};
  };
  bench.step("outside", "CREATE INDEX CONCURRENTLY i ON t (n)", "DROP INDEX CONCURRENTLY i")
      .transaction = TransactionMode::none;
  bench.check("holds", [&] { bench.expect("SELECT count(*) FROM t", "3"); });
}

std::string facts_of(const RunnerFixture& bench) {
  return bench.database.value(
      "SELECT concat_ws(' | ', (SELECT string_agg(n::text, ',' ORDER BY n) FROM t),"
      " (SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('i')),"
      " (SELECT string_agg(status, ',' ORDER BY position) FROM engine.step WHERE step.run = "
      "run.id),"
      " state->>'three', status) FROM engine.run ORDER BY sequence DESC LIMIT 1");
}

constexpr const char* done = "1,2,3 | t | done,done,done,done | 3 | done";
constexpr const char* undone = "rolled_back,rolled_back,rolled_back,rolled_back | 3 | rolled_back";

// A command that is cut off at the nth statement ends well by itself, or when it is given again.
template <typename Command>
bool survives(test::Proxy& proxy, Fault fault, Command command) {
  proxy.arm(fault);
  for (int tries = 0; tries < 3; ++tries) {
    RunFinished finished;
    try {
      finished = command();
    } catch (const Error& error) {  // while it connected, which is before the command
      finished.exit = exit_status_of(error.code());
    }
    INFO("try " << tries << ": exit " << finished.exit << " " << test::message_of(finished));
    if (finished.exit == 0) return proxy.fault_happened();
    const bool explained = finished.exit == 7 || finished.exit == 3;
    REQUIRE(explained);
  }
  FAIL("three tries were not enough");
  return false;
}

}  // namespace

TEST_CASE("a connection cut before, within or after any statement leaves nothing half done") {
  // A flush ends with one Sync: the cuts behind it, and behind its answer, are cuts between
  // flushes.
  const auto [when, type, least] = GENERATE(table<Fault::When, char, int>({
      {Fault::When::before, 'E', 50},
      {Fault::When::after, 'S', 15},
      {Fault::When::after_reply, 'S', 15},
  }));
  Wired wired;
  fill(wired.bench);
  const auto run = [&] { return wired.bench.run(); };
  const auto rollback = [&] { return wired.bench.rollback(); };
  // The journal is made once, undisturbed: how that survives is the journal's own test.
  run();
  rollback();
  int nth = 1;
  for (bool happened = true; happened; ++nth) {
    const Fault fault{Fault::Action::cut, when, type, "", nth};
    INFO("cut at message " << type << " " << nth << ", " << static_cast<int>(when));
    happened = survives(wired.proxy, fault, run);
    REQUIRE(facts_of(wired.bench) == done);
    happened = survives(wired.proxy, fault, rollback) || happened;
    REQUIRE(facts_of(wired.bench) == undone);
  }
  CHECK(nth > least);
}

TEST_CASE("a COMMIT whose answer was lost is decided by the journal, not repeated") {
  const auto when = GENERATE(Fault::When::before, Fault::When::after, Fault::When::after_reply);
  Wired wired;
  RunnerFixture& bench = wired.bench;
  bench.database.sql("CREATE TABLE t (n int)");
  bench.step("one", "INSERT INTO t VALUES (1)");
  bench.on_event = [&](const Event& event) {
    if (std::holds_alternative<StepStarted>(event.body)) {
      wired.proxy.arm({Fault::Action::cut, when, 'E', "COMMIT", 1});
    }
  };
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(wired.proxy.fault_happened());
  CHECK(finished.exit == 0);
  CHECK(bench.count("t") == "1");
  CHECK(bench.journaled("one") == "done");
  CHECK(bench.told<StepFinished>().size() == 1);
}

TEST_CASE("a commit whose outcome cannot be found out is not journaled as a failure") {
  Wired wired;
  RunnerFixture& bench = wired.bench;
  bench.options.reconnect_budget = std::chrono::milliseconds{300};
  bench.database.sql("CREATE TABLE t (n int)");
  bench.step("one", "INSERT INTO t VALUES (1)");
  const std::string reachable = bench.conninfo;
  bool ended = false;
  bench.on_event = [&](const Event& event) {
    if (std::holds_alternative<StepStarted>(event.body))
      wired.proxy.arm({Fault::Action::cut, Fault::When::after_reply, 'E', "COMMIT", 1});
    // Away while the engine looks for the outcome, and back when it writes what it made of it.
    if (std::holds_alternative<Retry>(event.body))
      bench.conninfo = ended ? reachable : "host=/nowhere";
    if (std::holds_alternative<StepFinished>(event.body)) {
      ended = true;
      bench.conninfo = reachable;
    }
  };
  const RunFinished lost = bench.run();
  INFO(test::message_of(lost));
  CHECK(wired.proxy.fault_happened());
  CHECK(lost.exit == 7);
  CHECK_THAT(lost.error->hint(), ContainsSubstring("does not know whether the step committed"));
  CHECK(bench.journaled("one") == "done");
  CHECK(bench.run_status() == "failed");
  bench.on_event = nullptr;
  CHECK(bench.run().exit == 0);
  CHECK(bench.count("t") == "1");
}

TEST_CASE("a slow commit that outlives its connection is waited for") {
  Wired wired;
  RunnerFixture& bench = wired.bench;
  // An orphan goes on: the server does not look whether its client is still there.
  bench.database.sql("CREATE TABLE t (n int)");
  bench.step("one", "INSERT INTO t VALUES (1); SET client_connection_check_interval = 0");
  bench.plan.steps[0].verify = {test::bare([&] { bench.session->connection(); })};
  bench.step("two", "INSERT INTO t SELECT 2 FROM pg_sleep(1)");
  wired.proxy.arm({Fault::Action::cut, Fault::When::after, 'E', "pg_sleep", 1});
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(bench.count("t") == "2");
}

TEST_CASE("a connection that is lost is taken up again, twice a step at most") {
  const int ends = GENERATE(2, 9);
  Wired wired;
  RunnerFixture& bench = wired.bench;
  bench.database.sql("CREATE TABLE t (n int)");
  int tries = 0;
  bench.step("one", [&] {
    bench.exec("INSERT INTO t VALUES (1)");
    if (++tries > ends) return;
    wired.lose_at("last words");
    bench.exec("SELECT 'last words'");
  });
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(tries == 3);
  CHECK(finished.exit == (ends == 2 ? 0 : 7));
  CHECK(bench.count("t") == (ends == 2 ? "1" : "0"));
}

TEST_CASE("a server that cannot be reached again ends the run, and the steps stand") {
  Wired wired;
  RunnerFixture& bench = wired.bench;
  bench.options.reconnect_budget = std::chrono::milliseconds{300};
  bench.step("one", "CREATE TABLE t (n int)");
  bench.step("two", [&] {
    bench.conninfo = "host=/nowhere";
    wired.proxy.arm({Fault::Action::cut, Fault::When::before, 'E', "last words", 1});
    bench.exec("SELECT 'last words'");
  });
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 3);
  CHECK(bench.journaled("one") == "done");
  CHECK(bench.journaled("two").empty());
}

TEST_CASE("what was recorded with a COMMIT whose answer was lost is not recorded twice") {
  const auto when = GENERATE(Fault::When::before, Fault::When::after, Fault::When::after_reply);
  Wired wired;
  RunnerFixture& bench = wired.bench;
  bench.step("one", "SELECT 1").verify = {test::bare([&] { bench.expect("SELECT 1", "2"); })};
  bench.on_event = [&](const Event& event) {
    if (std::holds_alternative<StepFinished>(event.body))
      wired.proxy.arm({Fault::Action::cut, when, 'E', "COMMIT", 1});
  };
  CHECK(bench.run().exit == 1);
  CHECK(wired.proxy.fault_happened());
  CHECK(bench.count("engine.attempt") == "1");
  CHECK(bench.count("engine.check") == "1");
  CHECK(bench.journaled("one") == "failed");

  bench.on_event = nullptr;
  wired.proxy.arm({Fault::Action::cut, when, 'E', "COMMIT", 1});
  CHECK(bench.resolve("one", Resolution::done).exit == 0);
  CHECK(wired.proxy.fault_happened());
  CHECK(bench.count("engine.resolution") == "1");
  CHECK(bench.run_status() == "done");
}
