// A real PgBouncer between the session and the server.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/process.h"
#include "db/connection.h"
#include "db/pipeline.h"
#include "support/catch.h"
#include "support/database.h"

using namespace engine;
using namespace engine::db;

namespace {

class PgBouncer {
 public:
  explicit PgBouncer(const std::string& pool_mode) {
    process::Options options;
    std::filesystem::create_directory(folder_);
    if (process::running_as_root()) {
      options.identity = process::find_user({"nobody"});  // it refuses root
      REQUIRE(chown(folder_.c_str(), options.identity->user, options.identity->group) == 0);
    }
    std::ofstream{folder_ + "/pgbouncer.ini"}
        << "[databases]\n* = host=" << test::socket_folder() << " user=postgres\n"
        << "[pgbouncer]\nlisten_addr =\nlisten_port = 5432\nauth_type = any\n"
        << "unix_socket_dir = " << folder_ << "\nlogfile = " << folder_ << "/log\n"
        << "pidfile = " << folder_ << "/pid\npool_mode = " << pool_mode << "\n";
    const auto started = process::run({PGBOUNCER, "-q", "-d", folder_ + "/pgbouncer.ini"}, options);
    CAPTURE(started.output, started.errors);
    REQUIRE(started.status == 0);
    // Its first process leaves before the second one listens.
    for (int waits = 0; waits < 500 && !std::filesystem::exists(folder_ + "/.s.PGSQL.5432");
         ++waits) {
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
  }
  PgBouncer(const PgBouncer&) = delete;
  PgBouncer& operator=(const PgBouncer&) = delete;
  ~PgBouncer() {
    pid_t pid = 0;
    if (std::ifstream{folder_ + "/pid"} >> pid) kill(pid, SIGKILL);
    std::filesystem::remove_all(folder_);
  }

  Connection open(const test::Database& database) const {
    return Connection::open(Target::parse(database.conninfo()).set("host", folder_));
  }

 private:
  const std::string folder_ = "/tmp/engine-pooler-" + std::to_string(getpid());
};

}  // namespace

TEST_CASE("a pooler is found in every pool mode") {
  const test::Database database;
  for (const char* mode : {"session", "transaction", "statement"}) {
    CAPTURE(mode);
    const PgBouncer pooler{mode};
    Connection connection = pooler.open(database);
    CHECK(connection.behind_pooler());
    CHECK(connection.query("SELECT 1 AS n").integer(0, "n") == 1);
  }
}

TEST_CASE("a session pool carries settings, pipelines and transactions") {
  const test::Database database;
  const PgBouncer pooler{"session"};
  Connection connection = pooler.open(database);
  Pipeline pipeline{connection};
  for (const char* sql : {"BEGIN", "CREATE TABLE t ()", "COMMIT"}) pipeline.add({sql, {}});
  CHECK(pipeline.run().size() == 3);
  CHECK(connection.query("SHOW TimeZone").text(0, "TimeZone") == "UTC");
}
