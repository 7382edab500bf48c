// A network that acknowledges and carries nothing, and a server that is stopped, end within a
// deadline; a statement that takes its time on a server that lives does not.
#include <thread>

#include "base/interrupt.h"
#include "base/time.h"
#include "db/connection.h"
#include "db/pipeline.h"
#include "support/catch.h"
#include "support/database.h"
#include "support/errors.h"
#include "support/folder.h"
#include "support/proxy.h"
#include "support/server.h"

using namespace engine;
using namespace engine::db;
using namespace std::chrono_literals;
using test::error_of;
using test::Fault;

namespace {

Settings impatient() {
  Settings settings;
  settings.connect_timeout = 2s;
  settings.liveness = {300ms, 700ms, 1000ms};
  return settings;
}

// A statement in each way that statements take.
std::vector<std::function<void(Connection&, const std::string&)>> ways() {
  return {[](Connection& connection, const std::string& sql) { connection.execute(sql); },
          [](Connection& connection, const std::string& sql) { connection.query(sql); },
          [](Connection& connection, const std::string& sql) { connection.script(sql); },
          [](Connection& connection, const std::string& sql) {
            Pipeline pipeline{connection};
            pipeline.add({"SELECT 1", {}});
            pipeline.add({sql, {}});
            pipeline.run();
          }};
}

struct Frozen {
  explicit Frozen(const test::Server& held) : server(held) { server.freeze(); }
  ~Frozen() { server.thaw(); }
  const test::Server& server;
};

class Interrupting {
 public:
  explicit Interrupting(std::chrono::milliseconds after)
      : thread_([this, after] {
          std::this_thread::sleep_for(after);
          since_ = {};
          interrupt::request();
        }) {}
  ~Interrupting() {
    thread_.join();
    interrupt::clear();
  }
  std::chrono::milliseconds since() const { return since_.elapsed(); }

 private:
  time::Stopwatch since_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("what a network swallows is lost, and said to be") {
  const test::Database database;
  const test::Folder folder;
  test::Proxy proxy{folder.path(), test::socket_folder()};
  const auto when = GENERATE(Fault::When::before, Fault::When::after, Fault::When::after_reply);
  for (const auto& send : ways()) {
    Connection connection = Connection::open(
        Target::parse(database.conninfo()).set("host", folder.path()), impatient());
    proxy.arm({Fault::Action::freeze, when, 0, "", 1});
    const time::Stopwatch watch;
    const Error error = error_of([&] { send(connection, "SELECT 2"); });
    INFO(error.message());
    CHECK(error.code() == Code::connection_lost);
    CHECK_THAT(error.message(), ContainsSubstring("did not arrive"));
    CHECK(watch.elapsed() < 8s);
    CHECK(error_of([&] { connection.execute("SELECT 1"); }).code() == Code::connection_lost);
  }
}

TEST_CASE("a server that is stopped is lost, and is not waited for when connecting") {
  const test::Server server;
  const test::Database database{"template0", server.socket()};
  const Target target = Target::parse(database.conninfo());
  for (const auto& send : ways()) {
    Connection connection = Connection::open(target, impatient());
    const Frozen frozen{server};
    const time::Stopwatch watch;
    const Error error = error_of([&] { send(connection, "SELECT 2"); });
    INFO(error.message());
    CHECK(error.code() == Code::connection_lost);
    CHECK_THAT(error.message(), ContainsSubstring("the server does not answer"));
    CHECK(watch.elapsed() < 8s);
  }
  const Frozen frozen{server};
  const time::Stopwatch watch;
  CHECK(error_of([&] { Connection::open(target, impatient()); }).code() == Code::unreachable);
  CHECK(watch.elapsed() < 8s);
}

TEST_CASE("a statement that takes its time on a server that lives is left alone") {
  const test::Database database;
  const Target target = Target::parse(database.conninfo());
  SECTION("whichever way it was sent") {
    for (const auto& send : ways()) {
      Connection connection = Connection::open(target, impatient());
      send(connection, "SELECT pg_sleep(3)");
      CHECK(connection.execute("SELECT 1").size() == 1);
    }
  }
  SECTION("while it waits for a lock") {
    Connection connection = Connection::open(target, impatient());
    Connection other = Connection::open(target, impatient());
    other.execute("SELECT pg_advisory_lock(7)");
    std::thread later{[&] {
      std::this_thread::sleep_for(3s);
      other.execute("SELECT pg_advisory_unlock(7)");
    }};
    CHECK_NOTHROW(connection.execute("SELECT pg_advisory_lock(7)"));
    later.join();
  }
  SECTION("while it keeps others from connecting") {
    Connection connection = Connection::open(target, impatient());
    connection.execute("BEGIN");
    connection.execute("LOCK TABLE pg_catalog.pg_authid, pg_catalog.pg_database");
    CHECK_NOTHROW(connection.execute("SELECT pg_sleep(4)"));
    connection.rollback();
  }
}

TEST_CASE("an operator does not wait for what does not answer") {
  const test::Server server;
  const test::Database database{"template0", server.socket()};
  const Target target = Target::parse(database.conninfo());
  SECTION("a statement") {
    for (const auto& send : ways()) {
      Connection connection = Connection::open(target);
      const Frozen frozen{server};
      const Interrupting operator_{300ms};
      CHECK(error_of([&] { send(connection, "SELECT 2"); }).code() == Code::interrupted);
      INFO(operator_.since().count() << " ms");
      CHECK(operator_.since() < 5s);
    }
  }
  SECTION("a connection that is being made") {
    const Frozen frozen{server};
    const Interrupting operator_{300ms};
    CHECK(error_of([&] { Connection::open(target); }).code() == Code::interrupted);
    CHECK(operator_.since() < 5s);
  }
  SECTION("a rollback that tidies up") {
    Connection connection = Connection::open(target);
    connection.execute("BEGIN");
    const Frozen frozen{server};
    connection.hurry();
    const time::Stopwatch watch;
    error_of([&] { connection.rollback(); });
    CHECK(watch.elapsed() < 5s);
  }
}

TEST_CASE("while nothing comes somebody may look around") {
  const test::Database database;
  Connection connection = Connection::open(Target::parse(database.conninfo()));
  int looks = 0;
  connection.while_waiting([&] { ++looks; });
  connection.execute("SELECT pg_sleep(1)");
  CHECK(looks > 1);
}

TEST_CASE("a session that a setting ended names it") {
  const test::Database database;
  Connection connection = Connection::open(Target::parse(database.conninfo()));
  connection.execute("SET idle_in_transaction_session_timeout = 50");
  connection.execute("BEGIN");
  std::this_thread::sleep_for(500ms);
  const Error error = error_of([&] { connection.execute("SELECT 1"); });
  CHECK(error.code() == Code::connection_lost);
  CHECK(error.sqlstate() == "25P03");
  CHECK_THAT(error.hint(), ContainsSubstring("idle_in_transaction_session_timeout"));
}

TEST_CASE("a listener may take longer than silence is borne") {
  const test::Database database;
  Connection connection = Connection::open(Target::parse(database.conninfo()), impatient());
  connection.on_notice([](const Notice&) { std::this_thread::sleep_for(1500ms); });
  connection.execute("BEGIN");
  Pipeline pipeline{connection};
  pipeline.add({"DO $$ BEGIN RAISE NOTICE 'a terminal is held'; END $$", {}});
  pipeline.add({"SELECT 2", {}});
  std::size_t told = 0;
  pipeline.run([&](std::size_t, const Answer&) {
    ++told;
    std::this_thread::sleep_for(1500ms);
  });
  CHECK(told == 2);
  CHECK(connection.execute("SELECT 3").size() == 1);
}
