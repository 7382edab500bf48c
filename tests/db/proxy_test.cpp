// Round trips as the network sees them, and commits whose connection breaks at the worst moments.
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "db/connection.h"
#include "db/pipeline.h"
#include "db/transaction.h"
#include "support/catch.h"
#include "support/database.h"
#include "support/errors.h"
#include "support/proxy.h"

using namespace engine;
using namespace engine::db;
using test::error_of;
using test::Fault;

namespace {

struct Proxied {
  explicit Proxied(std::chrono::milliseconds latency = std::chrono::milliseconds{0})
      : proxy(folder, test::socket_folder(), latency) {
    database.sql("CREATE TABLE t (n int)");
  }
  ~Proxied() { std::filesystem::remove_all(folder); }

  Connection open() const {
    return Connection::open(Target::parse(database.conninfo()).set("host", folder));
  }
  std::string rows() const { return database.value("SELECT count(*) FROM t"); }
  bool backend_stays() const {
    return database.value(
               "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'engine'"
               " AND datname = current_database()") != "0";
  }

  const std::string folder = "/tmp/engine-proxy-" + std::to_string(getpid());
  test::Database database;
  test::Proxy proxy;
};

// Writes a row in a transaction whose COMMIT meets a fault; true where commit() returned.
bool commits(Proxied& bench, Fault::When when, Fault::Action action = Fault::Action::cut) {
  Connection connection = bench.open();
  bench.proxy.arm({action, when, 'E', "COMMIT", 1});
  Transaction transaction{connection};
  connection.execute("INSERT INTO t VALUES (1)");
  try {
    transaction.commit();
    return true;
  } catch (const Error& error) {
    CHECK(error.code() == Code::connection_lost);
    return false;
  }
}

}  // namespace

TEST_CASE("the session's count of round trips is the network's") {
  Proxied bench{std::chrono::milliseconds{20}};
  Connection connection = bench.open();
  CHECK(bench.proxy.counts().round_trips == connection.round_trips());

  bench.proxy.reset_counts();
  const long before = connection.round_trips();
  connection.execute("SELECT 1");
  connection.query("SELECT $1::int", {"2"});
  Pipeline pipeline{connection};
  for (int n = 0; n < 1000; ++n) {
    pipeline.add({"INSERT INTO t VALUES ($1::int)", {std::to_string(n)}, Lookup::session});
  }
  pipeline.run();
  CHECK(connection.round_trips() - before == 3);
  CHECK(bench.proxy.counts().round_trips == 3);
  CHECK(bench.proxy.counts().messages.at('E') == 1004);
  CHECK(bench.rows() == "1000");
}

TEST_CASE("a session costs one round trip besides its authentication") {
  Proxied bench{std::chrono::milliseconds{20}};
  const Connection connection = bench.open();
  CHECK(bench.proxy.counts().round_trips == 1);
  CHECK(bench.proxy.counts().sessions == 1);
}

TEST_CASE("a commit cut off before the server has it is lost, and nothing is committed") {
  Proxied bench;
  CHECK_FALSE(commits(bench, Fault::When::before));
  CHECK(bench.proxy.fault_happened());
  while (bench.backend_stays()) std::this_thread::sleep_for(std::chrono::milliseconds{5});
  CHECK(bench.rows() == "0");
}

TEST_CASE("a commit whose answer is cut off is lost too, though it is committed") {
  for (const Fault::When when : {Fault::When::after, Fault::When::after_reply}) {
    Proxied bench;
    CHECK_FALSE(commits(bench, when));
    CHECK(bench.proxy.fault_happened());
    while (bench.backend_stays()) std::this_thread::sleep_for(std::chrono::milliseconds{5});
    CHECK(bench.rows() == "1");
  }
}

TEST_CASE("a frozen network holds a statement until the connection breaks") {
  Proxied bench;
  auto proxy = std::make_unique<test::Proxy>(bench.folder, test::socket_folder());
  Connection connection = bench.open();
  proxy->arm({Fault::Action::freeze, Fault::When::after, 0, "frozen", 1});
  std::thread breaks([&] {
    while (!proxy->fault_happened()) std::this_thread::sleep_for(std::chrono::milliseconds{5});
    proxy.reset();
  });
  CHECK(error_of([&] { connection.execute("SELECT 'frozen'"); }).code() == Code::connection_lost);
  breaks.join();
}

TEST_CASE("a fault can kill the process that sent the message") {
  Proxied bench;
  bench.proxy.arm({Fault::Action::kill, Fault::When::before, 0, "fatal", 1});
  const pid_t child = fork();
  if (child == 0) {
    Connection connection = bench.open();
    connection.execute("SELECT 'fatal'");
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
  CHECK(bench.proxy.fault_happened());
}

TEST_CASE("a cancel passes through as a connection of its own") {
  Proxied bench;
  Connection connection = bench.open();
  connection.canceller()();
  connection.execute("SELECT 1");
  CHECK(bench.proxy.counts().cancels == 1);
  CHECK(bench.proxy.counts().sessions == 1);
}

TEST_CASE("a fault is read from its words") {
  const Fault fault = Fault::parse("kill:after_reply:E:3:COMMIT; -- a:b");
  CHECK(fault.action == Fault::Action::kill);
  CHECK(fault.when == Fault::When::after_reply);
  CHECK(fault.type == 'E');
  CHECK(fault.nth == 3);
  CHECK(fault.containing == "COMMIT; -- a:b");
  CHECK(Fault::parse("cut:before:*:12").type == 0);
  CHECK_THROWS_AS(Fault::parse("stab:before:E:1"), std::invalid_argument);
  CHECK_THROWS_AS(Fault::parse("cut:never:E:1"), std::invalid_argument);
  CHECK_THROWS_AS(Fault::parse("cut"), std::invalid_argument);
}
