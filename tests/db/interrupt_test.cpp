// Ctrl-C while a statement runs. interrupt::request() is what the signal thread calls.
#include "base/interrupt.h"

#include <chrono>
#include <thread>

#include "db/connection.h"
#include "db/pipeline.h"
#include "db/transaction.h"
#include "support/catch.h"
#include "support/database.h"
#include "support/errors.h"

using namespace engine;
using namespace engine::db;
using test::error_of;

namespace {

struct Interrupted {
  ~Interrupted() { interrupt::clear(); }

  // Requests an interruption when the session's statement has begun to run.
  std::thread interrupts_when_busy() {
    return std::thread([this] {
      const std::string busy =
          "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
          " AND query LIKE '%sleep%' AND pid = " +
          std::to_string(connection.backend_pid());
      while (database.value(busy) == "0") std::this_thread::sleep_for(std::chrono::milliseconds{5});
      interrupt::request();
    });
  }

  test::Database database;
  Connection connection = Connection::open(Target::parse(database.conninfo()));
};

template <typename Action>
Error interrupted(Interrupted& bench, Action action) {
  std::thread thread = bench.interrupts_when_busy();
  const auto begin = std::chrono::steady_clock::now();
  const Error error = error_of(action);
  thread.join();
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{5});
  interrupt::clear();
  return error;
}

}  // namespace

TEST_CASE("an interruption ends a statement, and the session goes on") {
  Interrupted bench;
  CHECK(interrupted(bench, [&] { bench.connection.execute("SELECT pg_sleep(30)"); }).code() ==
        Code::interrupted);
  CHECK(interrupted(bench, [&] { bench.connection.query("SELECT pg_sleep(30)"); }).code() ==
        Code::interrupted);
  CHECK(bench.connection.execute("SELECT 1").size() == 1);
}

TEST_CASE("an interruption ends a pipeline at the statement that runs") {
  Interrupted bench;
  Pipeline pipeline{bench.connection};
  pipeline.add({"SELECT 1", {}});
  pipeline.add({"SELECT pg_sleep(30)", {}});
  pipeline.add({"SELECT 3", {}});
  CHECK(interrupted(bench, [&] { pipeline.run(); }).code() == Code::interrupted);
  CHECK(pipeline.failed() == 1);
  CHECK(bench.connection.execute("SELECT 1").size() == 1);
}

TEST_CASE("a statement timeout is no interruption") {
  Interrupted bench;
  bench.connection.execute("SET statement_timeout = 20");
  for (const bool through_pqxx : {false, true}) {
    const Error error = error_of([&] {
      if (through_pqxx) {
        bench.connection.query("SELECT pg_sleep(5)");
      } else {
        bench.connection.execute("SELECT pg_sleep(5)");
      }
    });
    CHECK(error.code() == Code::sql);
    CHECK(error.sqlstate() == "57014");
  }
}

TEST_CASE("after an interruption nothing new is sent, but the open transaction is rolled back") {
  Interrupted bench;
  bench.connection.execute("CREATE TABLE t ()");
  {
    Transaction transaction{bench.connection};
    bench.connection.execute("INSERT INTO t DEFAULT VALUES");
    const Savepoint savepoint{bench.connection};
    interrupt::request();
    CHECK(error_of([&] { bench.connection.execute("SELECT 1"); }).code() == Code::interrupted);
    CHECK(error_of([&] { bench.connection.query("SELECT 1"); }).code() == Code::interrupted);
    CHECK(error_of([&] { transaction.commit(); }).code() == Code::interrupted);
  }
  CHECK(bench.connection.status() == TransactionStatus::idle);
  CHECK(bench.database.value("SELECT count(*) FROM t") == "0");
}

TEST_CASE("an open transaction can be rolled back while an interruption is requested") {
  Interrupted bench;
  bench.connection.execute("BEGIN");
  interrupt::request();
  bench.connection.rollback();
  CHECK(bench.connection.status() == TransactionStatus::idle);
  CHECK_NOTHROW(bench.connection.rollback());
}

TEST_CASE("the canceller outlives its connection") {
  std::function<void()> cancel;
  {
    Interrupted bench;
    cancel = bench.connection.canceller();
  }
  CHECK_NOTHROW(cancel());
}
