#include "journal/run_lock.h"

#include <chrono>
#include <thread>

#include "base/interrupt.h"
#include "base/time.h"
#include "journal/journal.h"
#include "journal/open.h"
#include "support/errors.h"

using namespace engine;
using namespace engine::journal;
using namespace std::chrono_literals;
using test::error_of;

namespace {

constexpr const char* advisory_locks =
    "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = "
    "current_database()"
    " AND locktype = 'advisory'";

}  // namespace

TEST_CASE("the second engine is told who holds the lock, and leaves") {
  const test::Database database;
  auto first = connect(database);
  const Journal journal = Journal::open(first, "engine");
  const RunLock lock = RunLock::take(first, 0ms);
  RunRow run;
  run.id = "20261120-231502-4f7a";
  run.plan = "p";
  first.execute(journal.begin_run(run, "return plan"));

  auto second = connect(database);
  const Error error = error_of([&] { RunLock::take(second, 100ms); });
  CHECK(error.code() == Code::lock_held);
  CHECK_THAT(error.message(),
             ContainsSubstring(
                 fmt::format("run 20261120-231502-4f7a of postgres (pid {}, a local socket) since ",
                             first.backend_pid())));
  CHECK_THAT(error.message(), ContainsSubstring(", idle since 2"));
  CHECK_THAT(error.message(), ContainsSubstring(": WITH begun AS (INSERT INTO engine.run"));
  CHECK_THAT(error.hint(), ContainsSubstring("engine status --wait"));
}

TEST_CASE("the lock ends with its scope") {
  const test::Database database;
  auto first = connect(database);
  auto second = connect(database);
  { const RunLock lock = RunLock::take(first, 0ms); }
  CHECK(database.value(advisory_locks) == "0");
  const RunLock lock = RunLock::take(second, 0ms);
  CHECK(RunLock::holder(first)->pid == second.backend_pid());
}

TEST_CASE("the lock ends with its session") {
  const test::Database database;
  auto second = connect(database);
  {
    auto first = connect(database);
    const RunLock lock = RunLock::take(first, 0ms);
    database.sql(fmt::format("SELECT pg_terminate_backend({})", first.backend_pid()));
    const RunLock taken = RunLock::take(second, 5s);
    CHECK(RunLock::holder(second)->pid == second.backend_pid());
  }
  CHECK_FALSE(RunLock::holder(second));
}

TEST_CASE("another database has a lock of its own") {
  const test::Database one;
  const test::Database other;
  auto first = connect(one);
  auto second = connect(other);
  const RunLock lock = RunLock::take(first, 0ms);
  const RunLock free = RunLock::take(second, 0ms);
  CHECK(RunLock::holder(first)->pid == first.backend_pid());
}

TEST_CASE("an engine that waits for the lock has it soon after it is free") {
  const test::Database database;
  auto first = connect(database);
  std::optional<RunLock> lock = RunLock::take(first, 0ms);
  const time::Stopwatch watch;
  std::thread waiter{[&] {
    auto second = connect(database);
    const RunLock taken = RunLock::take(second, 10s);
  }};
  std::this_thread::sleep_for(200ms);
  lock.reset();
  waiter.join();
  CHECK(watch.elapsed() < 3s);
}

TEST_CASE(
    "an engine that waits is no blocked waiter: CREATE INDEX CONCURRENTLY of the holder goes "
    "through") {
  const test::Database database;
  database.sql("CREATE TABLE t (id int)");
  auto first = connect(database);
  const RunLock lock = RunLock::take(first, 0ms);
  std::thread waiter{[&] {
    auto second = connect(database);
    const Error error = error_of([&] { RunLock::take(second, 700ms); });
    CHECK(error.code() == Code::lock_held);
  }};
  for (int i = 0; i < 5; ++i) {
    first.execute(fmt::format("CREATE INDEX CONCURRENTLY t_{} ON t (id)", i));
    CHECK(database.value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                         " AND wait_event_type = 'Lock'") == "0");
    std::this_thread::sleep_for(50ms);
  }
  waiter.join();
  CHECK(database.value("SELECT count(*) FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE "
                       "relname = 't' AND indisvalid") == "5");
}

TEST_CASE("an interruption ends the wait for the lock") {
  const test::Database database;
  auto first = connect(database);
  auto second = connect(database);
  const RunLock lock = RunLock::take(first, 0ms);
  const time::Stopwatch watch;
  std::thread operator_{[] {
    std::this_thread::sleep_for(200ms);
    interrupt::request();
  }};
  const Error error = error_of([&] { RunLock::take(second, 30s); });
  operator_.join();
  interrupt::clear();
  CHECK(error.code() == Code::interrupted);
  CHECK(watch.elapsed() < 3s);
}

TEST_CASE("an orphan's statement is cancelled and its session ended, by pid and start") {
  const test::Database database;
  auto orphan = connect(database);
  const RunLock lock = RunLock::take(orphan, 0ms);
  std::thread statement{[&] {
    const Error error = error_of([&] { orphan.execute("SELECT pg_sleep(30)"); });
    CHECK(error.sqlstate() == "57014");
  }};
  auto other = connect(database);
  std::optional<LockHolder> holder;
  do {
    std::this_thread::sleep_for(20ms);
    holder = RunLock::holder(other);
  } while (!holder || holder->state != "active");
  CHECK(holder->query == "SELECT pg_sleep(30)");
  CHECK_FALSE(RunLock::wait_until_free(other, 50ms));
  CHECK(RunLock::cancel(other, *holder));
  statement.join();

  LockHolder namesake = *holder;
  namesake.since = "2001-01-01 00:00:00+00";
  CHECK_FALSE(RunLock::end(other, namesake));
  CHECK(RunLock::holder(other));
  CHECK(RunLock::end(other, *holder));
  CHECK(RunLock::wait_until_free(other, 5s));
  CHECK_FALSE(RunLock::end(other, *holder));
}

TEST_CASE("a holder of another role is named though its statement is hidden") {
  const test::Database database;
  const Role role{database};
  auto first = connect(database);
  const RunLock lock = RunLock::take(first, 0ms);
  auto second = connect(database, role.name());
  const auto holder = RunLock::holder(second);
  REQUIRE(holder);
  CHECK(holder->pid == first.backend_pid());
  CHECK(holder->user == "postgres");
  CHECK(error_of([&] { RunLock::take(second, 0ms); }).code() == Code::lock_held);
}
