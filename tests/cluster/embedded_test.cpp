#include "cluster/embedded.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "base/file.h"
#include "base/process.h"
#include "base/time.h"
#include "cluster/workplace.h"
#include "support/errors.h"

using namespace engine;
using cluster::Embedded;
using cluster::EmbeddedState;
using test::error_of;
using namespace std::chrono_literals;

namespace {

/// One server for the cases that only look at it.
Workplace& shared() {
  static Workplace place{std::string(90, 'a') + "/" + std::string(90, 'b')};
  place.embedded.start();
  return place;
}

/// A zombie, which whoever inherited it has yet to bury, has no command line.
bool runs(int pid) {
  const std::string path = fmt::format("/proc/{}/cmdline", pid);
  std::ifstream file{path};
  return file && file.get() != std::ifstream::traits_type::eof();
}

}  // namespace

TEST_CASE("nothing is there before the first start, and asking makes nothing") {
  Workplace place;
  const EmbeddedState state = place.embedded.state();
  CHECK_FALSE(state.exists);
  CHECK_FALSE(state.running);
  place.embedded.stop();
  place.embedded.reset();
  CHECK(std::filesystem::is_empty(place.folder));
  CHECK(error_of([&] { place.embedded.target("x"); }).code() == Code::unreachable);
}

TEST_CASE("a server is made, started, found running, stopped and started again with its data") {
  Workplace place;
  place.embedded.start();
  EmbeddedState state = place.embedded.state();
  CHECK(state.exists);
  CHECK(state.running);
  CHECK(state.major >= 14);
  const int pid = state.pid;

  const db::Target target = place.embedded.target("work");
  CHECK(value(target, "SELECT current_database() || ' ' || current_user") ==
        "work engine_superuser");
  CHECK(value(target, "SHOW fsync") == "on");
  CHECK(value(target, "SHOW server_encoding") == "UTF8");
  db::Connection::open(target).execute("CREATE TABLE kept AS SELECT 1 AS id");

  const time::Stopwatch watch;
  place.embedded.start();
  CHECK(watch.elapsed() < 200ms);
  CHECK(place.embedded.state().pid == pid);

  place.embedded.stop();
  state = place.embedded.state();
  CHECK(state.exists);
  CHECK_FALSE(state.running);
  place.embedded.stop();
  place.embedded.start();
  CHECK(value(place.embedded.target("work"), "SELECT count(*) FROM kept") == "1");
}

TEST_CASE("the socket is the only way in, in a private folder with a short path") {
  Workplace& place = shared();
  const EmbeddedState state = place.embedded.state();
  CHECK(state.socket.size() < 60);
  struct stat status {};
  REQUIRE(stat(state.socket.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
  CHECK(value(place.embedded.target("x"), "SHOW listen_addresses") == "");
}

TEST_CASE("the server never runs as root, and not in the engine's session") {
  Workplace& place = shared();
  const int pid = place.embedded.state().pid;
  struct stat status {};
  REQUIRE(stat(fmt::format("/proc/{}", pid).c_str(), &status) == 0);
  CHECK(status.st_uid != 0);
  CHECK(getsid(pid) != getsid(0));
  CHECK(waitpid(-1, nullptr, WNOHANG) == -1);  // no child, so no zombie either
}

TEST_CASE("data that the server's user can reach lies in .engine") {
  Workplace& place = shared();
  CHECK(place.embedded.state().data == file::canonical(place.folder) + "/.engine/data");
  CHECK(file::read(place.folder + "/.engine/.gitignore") == "*\n");
}

TEST_CASE("data that the server's user cannot reach lies elsewhere, and goes with a reset") {
  if (!process::running_as_root()) return;  // else the server's user is this one
  Workplace place{"closed"};
  chmod(place.folder.c_str(), 0700);
  place.embedded.start();
  const EmbeddedState state = place.embedded.state();
  CHECK(state.running);
  CHECK(state.data.starts_with("/var/lib/engine/"));
  CHECK(value(place.embedded.target("x"), "SELECT 1") == "1");
  place.embedded.reset();
  CHECK_FALSE(file::exists(file::folder_of(state.data)));
  CHECK_FALSE(file::exists(state.socket));
}

TEST_CASE("a folder whose name a shell would expand gets its data elsewhere") {
  Workplace place{"a$(touch oops)\"b"};
  place.embedded.start();
  CHECK(place.embedded.state().running);
  CHECK_FALSE(place.embedded.state().data.starts_with(place.folder));
}

TEST_CASE("an .engine that was removed by hand is a reset, wherever its data lay") {
  Workplace place{"quote\""};
  place.embedded.start();
  place.embedded.target("old");
  std::filesystem::remove_all(place.folder + "/.engine");
  CHECK_FALSE(place.embedded.state().exists);
  place.embedded.start();
  CHECK(value(place.embedded.target("postgres"),
              "SELECT count(*) FROM pg_database WHERE datname = 'old'") == "0");
}

TEST_CASE("reset removes all that it made, and nothing else") {
  Workplace place;
  place.embedded.start();
  const EmbeddedState state = place.embedded.state();
  file::write(place.folder + "/.engine/notes", "mine");
  place.embedded.reset();
  CHECK_FALSE(place.embedded.state().exists);
  CHECK_FALSE(file::exists(state.socket));
  CHECK_FALSE(runs(state.pid));
  std::filesystem::remove(place.folder + "/.engine/notes");
  CHECK(std::filesystem::is_empty(place.folder + "/.engine"));
}

TEST_CASE("a copy of the working directory has a server of its own") {
  Workplace original{"quote\""};
  original.embedded.start();
  const std::string copied = original.scratch.path() + "/copy";
  std::filesystem::copy(original.folder, copied, std::filesystem::copy_options::recursive);
  Embedded copy{copied};
  CHECK_FALSE(copy.state().exists);
  copy.start();
  CHECK(copy.state().pid != original.embedded.state().pid);
  copy.reset();
  CHECK(original.embedded.state().running);
}

TEST_CASE("the environment leads the embedded target nowhere else") {
  Workplace& place = shared();
  const test::Variable address{"PGHOSTADDR", "192.0.2.1"};
  const test::Variable host{"PGHOST", "192.0.2.1"};
  const test::Variable port{"PGPORT", "1"};
  const test::Variable user{"PGUSER", "nobody_at_all"};
  const test::Variable data{"PGDATA", "/nonexistent"};
  const test::Variable options{"PGOPTIONS", "-c search_path=elsewhere"};
  place.embedded.start();
  CHECK(value(place.embedded.target("x"), "SHOW search_path") == "\"$user\", public");
}

TEST_CASE("a database with an odd name is made once") {
  Workplace& place = shared();
  const std::string name = "Odd \"name\" it's = 1";
  CHECK(value(place.embedded.target(name), "SELECT current_database()") == name);
  CHECK(value(place.embedded.target(name), "SELECT current_database()") == name);
}

TEST_CASE("the second cluster is copied from the template of the first") {
  const test::Folder cache;
  const test::Variable variable{"XDG_CACHE_HOME", cache.path().c_str()};
  Workplace first;
  first.embedded.start();
  const auto kept = std::filesystem::directory_iterator { cache.path() + "/engine" } -> path();
  CHECK(kept.filename().string().starts_with("template-"));
  file::write(kept.string() + "/marker", "");
  Workplace second;
  second.embedded.start();
  CHECK(file::exists(second.embedded.state().data + "/marker"));
  CHECK(value(second.embedded.target("x"), "SELECT 1") == "1");
}

TEST_CASE("a cache that cannot be written costs nothing but time") {
  const test::Variable variable{"XDG_CACHE_HOME", "/proc/nowhere"};
  Workplace place;
  place.embedded.start();
  CHECK(place.embedded.state().running);
}

TEST_CASE("a server that does not start shows the end of its log") {
  Workplace place;
  place.embedded.start();
  place.embedded.stop();
  const EmbeddedState state = place.embedded.state();
  const std::string settings = state.data + "/postgresql.auto.conf";
  std::filesystem::resize_file(settings, 0);
  file::write(settings, "no_such_setting = 1\n", 0644);
  const Error error = error_of([&] { place.embedded.start(); });
  CHECK(error.code() == Code::unreachable);
  CHECK_THAT(error.detail(), ContainsSubstring("no_such_setting"));
  CHECK_THAT(error.hint(), ContainsSubstring("engine db reset"));
}

TEST_CASE("data of a version that this machine lacks is named") {
  Workplace place;
  place.embedded.start();
  place.embedded.stop();
  file::write(place.embedded.state().data + "/PG_VERSION", "9\n");
  const Error error = error_of([&] { place.embedded.start(); });
  CHECK(error.code() == Code::refused);
  CHECK_THAT(error.message(), ContainsSubstring("needs PostgreSQL 9, but this machine has"));
}

TEST_CASE("somebody else's folder in the socket's place is refused") {
  if (!process::running_as_root()) return;
  Workplace place;
  place.embedded.start();
  place.embedded.stop();
  const std::string socket = place.embedded.state().socket;
  std::filesystem::remove_all(socket);
  std::filesystem::create_directory_symlink("/tmp", socket);
  CHECK(error_of([&] { place.embedded.start(); }).code() == Code::file);
  std::filesystem::remove(socket);
}
