// A real PgBouncer before the test server, for one scope. Built only where there is one.
#pragma once

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "base/process.h"
#include "support/catch.h"
#include "support/database.h"
#include "support/sockets.h"

namespace test {

class PgBouncer {
 public:
  /// `settings`: more lines of its file.
  explicit PgBouncer(const std::string& pool_mode, const std::string& settings = "") {
    engine::process::Options options;
    std::filesystem::create_directory(folder_);
    if (engine::process::running_as_root()) {
      options.identity = engine::process::find_user({"nobody"});  // it refuses root
      REQUIRE(chown(folder_.c_str(), options.identity->user, options.identity->group) == 0);
    }
    std::ofstream{folder_ + "/pgbouncer.ini"}
        << "[databases]\n* = host=" << socket_folder() << " user=postgres\n"
        << "[pgbouncer]\nlisten_addr =\nlisten_port = 5432\nauth_type = any\n"
        << "unix_socket_dir = " << folder_ << "\nlogfile = " << folder_ << "/log\n"
        << "pidfile = " << folder_ << "/pid\npool_mode = " << pool_mode << "\n"
        << settings;
    const auto started =
        engine::process::run({PGBOUNCER, "-q", "-d", folder_ + "/pgbouncer.ini"}, options);
    CAPTURE(started.output, started.errors);
    REQUIRE(started.status == 0);
    // Its first process leaves before the second one listens.
    for (int waits = 0; !listens(); ++waits) {
      REQUIRE(waits < 3000);
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

  /// Of its socket.
  const std::string& folder() const { return folder_; }

 private:
  bool listens() const {
    try {
      connect_to(folder_);
      return true;
    } catch (const std::runtime_error&) {
      return false;
    }
  }

  const std::string folder_ = "/tmp/engine-pooler-" + std::to_string(getpid());
};

}  // namespace test
