#include <thread>

#include "runner/runner_fixture.h"
#include "runner/session/blockers.h"
#include "support/catch.h"

using namespace engine;
using namespace engine::event;
using namespace engine::plan;
using namespace engine::runner;
using test::RunnerFixture;

namespace {

// Another session with a transaction that holds a lock.
class Other {
 public:
  explicit Other(const RunnerFixture& bench) : connection_(bench.connect()) {}
  void exec(const std::string& sql) { connection_.execute(sql); }

 private:
  db::Connection connection_;
};

}  // namespace

TEST_CASE("a lock that is not granted gives way, names who blocks, and is tried again") {
  RunnerFixture bench;
  bench.database.sql("CREATE TABLE t (n int)");
  bench.plan.lock_timeout = "1500ms";
  bench.step("one", "ALTER TABLE t ADD COLUMN m int");
  Other other{bench};
  other.exec("SET application_name = 'the report'");
  other.exec("BEGIN");
  other.exec("SELECT * FROM t");
  bench.on_event = [&](const Event& event) {
    const auto* retry = std::get_if<Retry>(&event.body);
    if (retry != nullptr && retry->attempt > 0) other.exec("COMMIT");
  };
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  auto told = bench.told<Retry>();
  // While it waited.
  std::erase_if(told, [](const Retry& retry) { return retry.attempt == 0; });
  REQUIRE(told.size() == 1);
  CHECK(told[0].step == "one");
  CHECK(told[0].sqlstate == "55P03");
  CHECK(told[0].attempt == 1);
  REQUIRE(told[0].blockers.size() == 1);
  CHECK_THAT(told[0].blockers[0], ContainsSubstring("the report"));
  CHECK(bench.database.value("SELECT outcome FROM engine.attempt") == "retried");
}

TEST_CASE("who blocks is named also where each wait is short") {
  RunnerFixture bench;
  bench.database.sql("CREATE TABLE t (n int)");
  bench.plan.lock_timeout = "300ms";
  bench.step("one", "ALTER TABLE t ADD COLUMN m int");
  Other other{bench};
  other.exec("SET application_name = 'the report'");
  other.exec("BEGIN");
  other.exec("SELECT * FROM t");
  bench.on_event = [&](const Event& event) {
    const auto* retry = std::get_if<Retry>(&event.body);
    if (retry != nullptr && !retry->blockers.empty()) other.exec("COMMIT");
  };
  CHECK(bench.run().exit == 0);
  const auto told = bench.told<Retry>();
  REQUIRE(told.size() > 1);
  CHECK(told.front().blockers.empty());
  REQUIRE(told.back().blockers.size() == 1);
  CHECK_THAT(told.back().blockers[0], ContainsSubstring("the report"));
}

TEST_CASE("a second connection that fails in any way leaves the blockers unnamed") {
  const RunnerFixture bench;
  BlockerWatch watch{[]() -> db::Connection { throw std::runtime_error{"no"}; }, 1,
                     std::chrono::seconds{1}};
  std::this_thread::sleep_for(std::chrono::milliseconds{60});
  watch.stop();
  CHECK(watch.seen().empty());
}

TEST_CASE("retries end with their budget, and say so") {
  RunnerFixture bench;
  bench.database.sql("CREATE TABLE t (n int)");
  bench.options.retry_budget = std::chrono::milliseconds{400};
  bench.options.lock_timeout = "50ms";
  bench.step("one", "ALTER TABLE t ADD COLUMN m int");
  Other other{bench};
  other.exec("BEGIN");
  other.exec("SELECT * FROM t");
  const RunFinished finished = bench.run();
  CHECK(finished.exit == 1);
  CHECK(finished.error->code() == Code::lock_timeout);
  CHECK(finished.error->sqlstate() == "55P03");
  CHECK(bench.told<Retry>().size() >= 2);
  CHECK(bench.journaled("one") == "failed");
}

TEST_CASE(
    "a serialization failure replays the step's functions with their state reset and their answers "
    "remembered") {
  RunnerFixture bench;
  bench.options.assume_yes = false;
  bench.answers.is_interactive = true;
  bench.database.sql("CREATE TABLE t (n int); INSERT INTO t VALUES (1)");
  int tries = 0;
  std::string state_at_start;
  bench.step("one", [&] {
    ++tries;
    state_at_start = bench.session->state();
    bench.session->ask({"colour", "Which?", Ask::Kind::text, {}, std::nullopt});
    bench.session->set_state(R"({"tries": 1})");
    bench.exec("UPDATE t SET n = n + 1");
    if (tries < 3) bench.exec("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$");
  });
  const RunFinished finished = bench.run();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  CHECK(tries == 3);
  CHECK(state_at_start == "{}");
  CHECK(bench.database.value("SELECT n FROM t") == "2");
  CHECK(bench.answers.asked == std::vector<std::string>{"run", "colour"});
  CHECK(bench.told<Retry>().size() == 2);
}

TEST_CASE("nothing else is tried again") {
  RunnerFixture bench;
  int tries = 0;
  bench.step("one", [&] {
    ++tries;
    bench.exec("DO $$ BEGIN RAISE SQLSTATE '57014'; END $$");
  });
  CHECK(bench.run().exit == 1);
  CHECK(tries == 1);
}

TEST_CASE("a step that failed keeps its retries and its answers") {
  RunnerFixture bench;
  int tries = 0;
  bench
      .step("one",
            [&] {
              bench.exec(++tries == 1 ? "DO $$ BEGIN RAISE 'again' USING ERRCODE = '40001'; END $$"
                                      : "SELECT 1/0");
            })
      .confirm = [] { return "Sure?"; };
  CHECK(bench.run().exit == 1);
  CHECK(bench.journaled("one") == "failed");
  CHECK(bench.database.value("SELECT string_agg(sqlstate, ',' ORDER BY outcome = 'retried' DESC)"
                             " FROM engine.attempt WHERE step = 'one'") == "40001,22012");
  CHECK(bench.database.value("SELECT answer FROM engine.answer WHERE name = 'one'") == "yes");
}

TEST_CASE("a deadlock is tried again") {
  RunnerFixture bench;
  bench.database.sql("CREATE TABLE a (n int); CREATE TABLE b (n int)");
  Other other{bench};
  other.exec("SET deadlock_timeout = '20s'");
  other.exec("BEGIN");
  other.exec("LOCK b");
  std::thread waiting;
  bench.database.sql("ALTER DATABASE " + bench.database.name() + " SET deadlock_timeout = '50ms'");
  bench.step("one", [&] {
    bench.exec("LOCK a");
    if (!waiting.joinable()) {
      waiting = std::thread([&] {
        other.exec("LOCK a");
        other.exec("COMMIT");
      });
      while (bench.database.value("SELECT count(*) FROM pg_locks WHERE NOT granted") == "0") {
      }
    }
    bench.exec("LOCK b");
  });
  const RunFinished finished = bench.run();
  waiting.join();
  INFO(test::message_of(finished));
  CHECK(finished.exit == 0);
  REQUIRE(bench.told<Retry>().size() == 1);
  CHECK(bench.told<Retry>()[0].sqlstate == "40P01");
}
