// What an operator meets: a connection that is lost, an administrator's decision, a lock.
#include <thread>

#include "base/interrupt.h"
#include "base/time.h"
#include "journal/run_lock.h"
#include "runner/runner_fixture.h"
#include "runner/wired.h"
#include "support/catch.h"
#include "support/server.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using namespace std::chrono_literals;
using test::Fault;
using test::RunnerFixture;
using test::Wired;

namespace {

std::vector<Retry> losses(const RunnerFixture& bench) {
  std::vector<Retry> found = bench.told<Retry>();
  std::erase_if(found, [](const Retry& retry) { return retry.lost.empty(); });
  return found;
}

}  // namespace

TEST_CASE("a session that a person ends stops the run, and says so") {
  RunnerFixture bench;
  bench.database.sql("CREATE TABLE t (n int)");
  int tries = 0;
  bench.step("one", "SELECT 1");
  bench.step("two", [&] {
    ++tries;
    bench.exec("INSERT INTO t VALUES (1)");
    bench.database.sql("SELECT pg_terminate_backend(" +
                       std::to_string(bench.session->connection().backend_pid()) + ", 5000)");
    bench.exec("INSERT INTO t VALUES (2)");
  });
  const RunFinished ended = bench.run();
  INFO(test::message_of(ended));
  CHECK(ended.exit == 3);
  CHECK(ended.error->code() == Code::ended);
  CHECK(ended.error->sqlstate() == "57P01");
  CHECK_THAT(ended.error->message(), ContainsSubstring("an administrator ended"));
  CHECK_THAT(ended.next, ContainsSubstring("engine run"));
  CHECK_THAT(ended.undo, ContainsSubstring("engine rollback"));
  CHECK(tries == 1);
  CHECK(bench.count("t") == "0");
  CHECK(bench.run_status() == "stopped");
  CHECK(bench.journaled("one") == "done");

  // Also where it ends in the middle of a statement, and of a rollback.
  bench.plan.steps[1].run = {test::block("SELECT pg_terminate_backend(pg_backend_pid())")};
  bench.plan.steps[0].rollback = Undo{
      {}, {test::block("SELECT pg_terminate_backend(pg_backend_pid())")}, {}, std::nullopt, {}};
  CHECK(bench.run().error->code() == Code::ended);
  CHECK(bench.rollback().error->code() == Code::ended);
}

TEST_CASE("a COMMIT that a person's end of the session left unanswered has its step") {
  RunnerFixture bench;
  bench.database.sql("CREATE TABLE t (n int)");
  // It ends the session that commits, at its commit.
  bench.database.sql(
      "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
      " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
      "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED"
      " FOR EACH ROW EXECUTE FUNCTION die()");
  bench.step("one", "INSERT INTO t VALUES (1)");
  const RunFinished ended = bench.run();
  CHECK(ended.exit == 1);
  CHECK(ended.error->code() == Code::ended);
  CHECK(bench.journaled("one") != "done");
}

TEST_CASE("a server that is stopped and started again is no decision about this run") {
  const test::Server server;
  RunnerFixture bench{"template0", server.socket()};
  bench.database.sql("CREATE TABLE t (n int)");
  bool once = true;
  bench.step("one", [&] {
    bench.exec("INSERT INTO t VALUES (1)");
    if (!std::exchange(once, false)) return;
    server.halt();
    server.start_again();
    bench.exec("INSERT INTO t VALUES (2)");
  });
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(bench.count("t") == "1");
  REQUIRE_FALSE(losses(bench).empty());
}

TEST_CASE("a lost connection is told at once, with its cause, and when it is made again") {
  Wired wired;
  RunnerFixture& bench = wired.bench;
  bench.database.sql("CREATE TABLE t (n int)");
  bench.step("one", "INSERT INTO t VALUES (1)");
  wired.lose_at("INSERT INTO t");
  CHECK(bench.run().exit == 0);
  const auto told = losses(bench);
  REQUIRE(told.size() == 1);
  CHECK(told[0].step == "one");
  CHECK(told[0].attempt == 1);
  CHECK_THAT(told[0].lost, ContainsSubstring("server closed the connection"));
  bool again = false;
  for (const Note& note : bench.told<Note>())
    again = again || note.text.starts_with("reconnected after ");
  CHECK(again);
}

TEST_CASE("after the budget the end follows within seconds") {
  Wired wired;
  RunnerFixture& bench = wired.bench;
  bench.options.reconnect_budget = 1s;
  bench.step("one", "SELECT 1");
  time::Stopwatch watch;
  bench.step("two", [&] {
    bench.conninfo = "host=/nowhere";
    wired.lose_at("last words");
    watch = {};
    bench.exec("SELECT 'last words'");
  });
  const RunFinished ended = bench.run();
  CHECK(watch.elapsed() < 10s);
  INFO(test::message_of(ended));
  CHECK(ended.exit == 3);
  CHECK(ended.error->code() == Code::connection_lost);
  CHECK_THAT(ended.error->message(), ContainsSubstring("could not reconnect within"));
  CHECK_THAT(ended.next, ContainsSubstring("engine run"));
}

TEST_CASE("an orphan that keeps the run lock is named, within the budget") {
  Wired wired;
  RunnerFixture& bench = wired.bench;
  bench.options.reconnect_budget = 1s;
  // The server does not look whether its client is still there.
  bench.step("one", [&] {
    bench.exec("SET client_connection_check_interval = 0");
    wired.proxy.arm({Fault::Action::cut, Fault::When::after, 'E', "pg_sleep", 1});
    bench.exec("SELECT pg_sleep(8)");
  });
  const time::Stopwatch watch;
  const RunFinished ended = bench.run();
  CHECK(watch.elapsed() < 7s);
  CHECK(ended.exit == 7);
  CHECK(ended.error->code() == Code::connection_lost);
  CHECK_THAT(ended.error->message(), ContainsSubstring("still works on the server"));
  CHECK_THAT(ended.error->hint(), ContainsSubstring("pg_terminate_backend("));
}

TEST_CASE("Ctrl-C ends a run whose network carries nothing, and its reconnection") {
  const bool frozen = GENERATE(true, false);
  INFO((frozen ? "frozen" : "reconnecting"));
  Wired wired;
  RunnerFixture& bench = wired.bench;
  bench.step("one", "SELECT 1");
  bench.step("two", [&] {
    if (!frozen) bench.conninfo = "host=/nowhere";
    const auto action = frozen ? Fault::Action::freeze : Fault::Action::cut;
    wired.proxy.arm({action, Fault::When::before, 'E', "last words", 1});
    bench.exec("SELECT 'last words'");
  });
  time::Stopwatch since;
  std::thread operator_{[&] {
    while (!wired.proxy.fault_happened()) std::this_thread::sleep_for(5ms);
    std::this_thread::sleep_for(500ms);
    since = {};
    interrupt::request();
  }};
  const RunFinished ended = bench.run();
  const auto took = since.elapsed();
  operator_.join();
  interrupt::clear();
  INFO(test::message_of(ended) << took.count() << " ms");
  CHECK(ended.exit == 130);
  CHECK(took < 5s);
}

TEST_CASE("who blocks is told while it is waited for, and what would end it") {
  RunnerFixture bench;
  bench.database.sql("CREATE TABLE t (n int)");
  bench.plan.lock_timeout = "0";
  bench.step("one", "ALTER TABLE t ADD COLUMN m int");
  db::Connection other = bench.connect();
  other.execute("SET application_name = 'the report'");
  other.execute("BEGIN");
  other.execute("SELECT * FROM t");
  bench.on_event = [&](const Event& event) {
    if (std::holds_alternative<Retry>(event.body)) other.execute("COMMIT");
  };
  CHECK(bench.run().exit == 0);
  const auto told = bench.told<Retry>();
  REQUIRE(told.size() == 1);
  CHECK(told[0].attempt == 0);
  REQUIRE(told[0].blockers.size() == 1);
  const std::string pid = std::to_string(other.backend_pid());
  for (const std::string& words :
       {"pid " + pid + " (the report, user postgres)", std::string{"in a transaction since 20"},
        std::string{"idle in transaction: SELECT * FROM t"},
        "SELECT pg_terminate_backend(" + pid + ");"}) {
    CHECK_THAT(told[0].blockers[0], ContainsSubstring(words));
  }
}

TEST_CASE("a run lock that another holds names how to end it") {
  RunnerFixture bench;
  bench.step("one", "SELECT 1");
  db::Connection other = bench.connect();
  const journal::RunLock lock = journal::RunLock::take(other, 100ms);
  const RunFinished refused = bench.run();
  CHECK(refused.exit == 5);
  CHECK_THAT(refused.error->hint(), ContainsSubstring("SELECT pg_terminate_backend(" +
                                                      std::to_string(other.backend_pid()) + ");"));
}

TEST_CASE("a command is not slower for the time that a person thinks") {
  RunnerFixture bench;
  bench.options.assume_yes = false;
  bench.answers.is_interactive = true;
  bench.answers.while_thinking = [] { std::this_thread::sleep_for(1500ms); };
  bench.step("one", "SELECT 1").confirm = [] { return "Sure?"; };
  const time::Stopwatch watch;
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 0);
  CHECK(bench.answers.asked.size() == 2);
  CHECK(finished.ms <= watch.elapsed().count() - 2900);
}
