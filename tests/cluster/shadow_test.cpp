#include "cluster/shadow.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/file.h"
#include "cluster/workplace.h"
#include "support/catch.h"
#include "support/errors.h"
#include "support/folder.h"

using namespace engine;
using cluster::Shadow;

namespace {

cluster::Installation newest() { return cluster::choose_installation("/"); }

std::string folder_of(const Shadow& shadow) {
  return file::folder_of(value(shadow.target("postgres"), "SHOW data_directory"));
}

}  // namespace

TEST_CASE("a shadow answers as its own superuser, keeps nothing on disk, and goes with its scope") {
  std::string folder;
  {
    const Shadow shadow{newest()};
    CHECK(value(shadow.target("postgres"), "SELECT current_user") == "engine_superuser");
    CHECK(value(shadow.target("postgres"), "SHOW fsync") == "off");
    CHECK(value(shadow.target("postgres"), "SHOW listen_addresses") == "");
    folder = folder_of(shadow);
    REQUIRE(file::exists(folder));
  }
  CHECK_FALSE(file::exists(folder));
  CHECK_FALSE(file::exists(folder + ".lock"));
}

TEST_CASE("two shadows stand side by side") {
  const Shadow one{newest()};
  const Shadow other{newest()};
  CHECK(folder_of(one) != folder_of(other));
  CHECK(value(one.target("postgres"), "SELECT 1") == "1");
}

namespace {

/// An engine that makes a shadow, tells its folder, and does nothing more.
class Engine {
 public:
  Engine() {
    int names[2];
    REQUIRE(pipe2(names, O_CLOEXEC) == 0);
    pid_ = fork();
    if (pid_ == 0) {
      const Shadow shadow{newest()};
      const std::string folder = folder_of(shadow);
      if (write(names[1], folder.data(), folder.size()) < 0) _exit(1);
      close(names[1]);
      for (;;) pause();
    }
    close(names[1]);
    char text[200];
    const ssize_t length = read(names[0], text, sizeof text);
    close(names[0]);
    REQUIRE(length > 0);
    folder_ = std::string{text, static_cast<std::size_t>(length)};
  }
  void kill_it() const {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  const std::string& folder() const { return folder_; }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  std::string folder_;
};

/// Processes whose arguments name the folder: of the server, or the watchdog.
std::vector<pid_t> processes_of(const std::string& folder, const std::string& word) {
  std::vector<pid_t> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc", ignored}) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file{entry.path() / "cmdline"};
    const std::string words{std::istreambuf_iterator<char>{file}, {}};
    if (words.find(folder) != std::string::npos && words.find(word) != std::string::npos)
      found.push_back(std::stoi(name));
  }
  return found;
}

std::vector<pid_t> watchdogs_of(pid_t engine) {
  std::vector<pid_t> found;
  std::ifstream file{fmt::format("/proc/{0}/task/{0}/children", engine)};
  for (pid_t child = 0; file >> child;) {
    std::ifstream words{fmt::format("/proc/{}/cmdline", child)};
    const std::string text{std::istreambuf_iterator<char>{words}, {}};
    if (text.find("engine-watchdog") != std::string::npos) found.push_back(child);
  }
  return found;
}

bool is_gone(const std::string& folder) {
  return !file::exists(folder) && !file::exists(folder + ".lock") &&
         processes_of(folder, "").empty();
}

/// Within the minute that a server may stay.
bool goes(const std::string& folder) {
  for (int i = 0; i < 600 && !is_gone(folder); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  return is_gone(folder);
}

}  // namespace

TEST_CASE("a killed engine's server and folder go by themselves") {
  const Engine engine;
  CHECK(processes_of(engine.folder(), "/postgres").size() == 1);
  engine.kill_it();
  CHECK(goes(engine.folder()));
}

TEST_CASE("a killed engine's server goes though it hangs") {
  const Engine engine;
  const auto servers = processes_of(engine.folder(), "/postgres");
  REQUIRE(servers.size() == 1);
  kill(servers.front(), SIGSTOP);
  engine.kill_it();
  CHECK(goes(engine.folder()));
}

TEST_CASE(
    "what an engine leaves that was killed with its watchdog is removed by the next one, a living "
    "one's is not") {
  const Engine engine;
  { const Shadow beside{newest()}; }
  CHECK(file::exists(engine.folder()));
  for (const pid_t watchdog : watchdogs_of(engine.pid())) kill(watchdog, SIGKILL);
  engine.kill_it();
  CHECK(file::exists(engine.folder()));
  { const Shadow next{newest()}; }
  CHECK(is_gone(engine.folder()));
}

TEST_CASE("the server inherits no variable but those that it needs") {
  const test::Variable password{"PGPASSWORD", "environment-secret"};
  const test::Variable url{"DATABASE_URL", "postgresql://u:environment-secret@h/d"};
  const test::Variable data{"PGDATA", "/nowhere"}, port{"PGPORT", "1"},
      options{"PGOPTIONS", "-c x"};
  const Shadow shadow{newest()};
  const auto servers = processes_of(folder_of(shadow), "/postgres");
  REQUIRE(servers.size() == 1);
  std::ifstream file{"/proc/" + std::to_string(servers.front()) + "/environ"};
  const std::string environment{std::istreambuf_iterator<char>{file}, {}};
  CHECK_THAT(environment, ContainsSubstring("PATH="));
  for (const char* name :
       {"environment-secret", "DATABASE_URL=", "PGPASSWORD=", "PGPORT=", "PGOPTIONS="})
    CHECK_THAT(environment, !ContainsSubstring(name));
  const auto watchdogs = watchdogs_of(getpid());
  CHECK(watchdogs.size() == 1);
  for (const pid_t watchdog : watchdogs) {
    std::ifstream its{"/proc/" + std::to_string(watchdog) + "/environ"};
    const std::string variables{std::istreambuf_iterator<char>{its}, {}};
    CHECK_THAT(variables, !ContainsSubstring("environment-secret"));
  }
}
