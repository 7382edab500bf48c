// Kills, at every moment that can be met.
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <map>
#include <thread>

#include "base/file.h"
#include "base/process.h"
#include "cluster/embedded.h"
#include "cluster/workplace.h"
#include "support/catch.h"

using namespace engine;
using cluster::Embedded;
using namespace std::chrono_literals;

namespace {

/// An engine of its own: a process that does the work and ends with 0, or 1 where it throws.
pid_t engine_process(const std::function<void()>& work) {
  const pid_t child = fork();
  if (child != 0) return child;
  try {
    work();
    _exit(0);
  } catch (...) {
    _exit(1);
  }
}

int end_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void kill_after(pid_t child, std::chrono::milliseconds pause) {
  std::this_thread::sleep_for(pause);
  kill(child, SIGKILL);
  end_of(child);
}

/// A process of the server's user that does nothing, for one scope.
class Sleeper {
 public:
  explicit Sleeper(uid_t user) : pid_(fork()) {
    if (pid_ != 0) return;
    if (geteuid() == 0 && (setgroups(0, nullptr) != 0 || setuid(user) != 0)) _exit(1);
    for (;;) pause();
  }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  ~Sleeper() { kill_after(pid_, 0ms); }

  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

uid_t owner_of(const std::string& path) {
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  return status.st_uid;
}

}  // namespace

TEST_CASE("engines that start it at once end up with one server") {
  Workplace place;
  std::vector<pid_t> engines;
  for (int i = 0; i < 4; ++i) {
    engines.push_back(engine_process([&] {
      Embedded embedded{place.folder};
      embedded.start();
      if (value(embedded.target("shared"), "SELECT 1") != "1") _exit(2);
    }));
  }
  for (const pid_t engine : engines) CHECK(end_of(engine) == 0);
  CHECK(value(place.embedded.target("shared"),
              "SELECT count(*) FROM pg_database WHERE datname = 'shared'") == "1");
  CHECK(place.embedded.state().running);
}

TEST_CASE("an engine that is killed in the middle of a start leaves what the next one can start") {
  const test::Folder empty_cache;
  for (const bool with_template : {false, true}) {
    const test::Variable variable{
        "XDG_CACHE_HOME", with_template ? getenv("XDG_CACHE_HOME") : empty_cache.path().c_str()};
    for (const auto pause : {20ms, 150ms, 500ms}) {
      Workplace place;
      kill_after(engine_process([&] { Embedded{place.folder}.start(); }), pause);
      INFO(pause.count() << " ms, template " << with_template);
      place.embedded.start();
      CHECK(value(place.embedded.target("x"), "SELECT 1") == "1");
      CHECK(place.embedded.state().running);
      place.embedded.reset();
      if (file::exists(place.folder + "/.engine"))
        CHECK(std::filesystem::is_empty(place.folder + "/.engine"));
      if (!with_template) std::filesystem::remove_all(empty_cache.path() + "/engine");
    }
  }
}

TEST_CASE("the server outlives a killed engine") {
  Workplace place;
  const pid_t engine = engine_process([&] {
    Embedded{place.folder}.start();
    for (;;) pause();
  });
  while (!place.embedded.state().running) std::this_thread::sleep_for(20ms);
  std::this_thread::sleep_for(300ms);
  kill_after(engine, 0ms);
  CHECK(value(place.embedded.target("x"), "SELECT 1") == "1");
}

TEST_CASE("a killed server is started again") {
  Workplace place;
  place.embedded.start();
  db::Connection::open(place.embedded.target("x")).execute("CREATE TABLE kept AS SELECT 1 AS id");
  auto busy = db::Connection::open(place.embedded.target("x"));
  kill(place.embedded.state().pid, SIGKILL);
  place.embedded.start();
  CHECK(value(place.embedded.target("x"), "SELECT count(*) FROM kept") == "1");
}

TEST_CASE("a server starts though another process has the number of the one before") {
  Workplace place;
  place.embedded.start();
  const auto state = place.embedded.state();
  const uid_t user = owner_of(state.data);
  const std::string pid_file = state.data + "/postmaster.pid";
  const std::string socket_lock = state.socket + "/.s.PGSQL.5432.lock";
  const std::map<std::string, std::string> left{{pid_file, file::read(pid_file)},
                                                {socket_lock, file::read(socket_lock)}};
  place.embedded.stop();

  const bool restarted = GENERATE(false, true);
  INFO((restarted ? "the machine was started again: /tmp is empty" : "the server was killed"));
  const Sleeper other{user};
  std::filesystem::create_directories(state.socket);
  std::filesystem::permissions(state.socket, std::filesystem::perms::owner_all);
  REQUIRE(chown(state.socket.c_str(), user, static_cast<gid_t>(-1)) == 0);
  for (auto [path, lines] : left) {
    lines.replace(0, lines.find('\n'), std::to_string(other.pid()));
    file::write(path, lines, 0600);
    REQUIRE(chown(path.c_str(), user, static_cast<gid_t>(-1)) == 0);
  }
  if (restarted) std::filesystem::remove_all(state.socket);

  CHECK_FALSE(place.embedded.state().running);
  place.embedded.start();
  CHECK(place.embedded.state().running);
  CHECK(value(place.embedded.target("x"), "SELECT 1") == "1");
  CHECK(kill(other.pid(), 0) == 0);
}

TEST_CASE("an engine waits for one that resets, and starts anew") {
  Workplace place;
  place.embedded.start();
  place.embedded.target("old");
  const pid_t resetting = engine_process([&] { Embedded{place.folder}.reset(); });
  const pid_t starting = engine_process([&] {
    std::this_thread::sleep_for(30ms);
    Embedded embedded{place.folder};
    embedded.stop();
    embedded.start();
  });
  CHECK(end_of(resetting) == 0);
  CHECK(end_of(starting) == 0);
  CHECK(value(place.embedded.target("postgres"),
              "SELECT count(*) FROM pg_database WHERE datname = 'old'") == "0");
}
