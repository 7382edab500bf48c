#include "cluster/shadow.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "base/file.h"
#include "cluster/workplace.h"
#include "support/errors.h"

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

TEST_CASE("the shadow of a killed engine is removed by the next one, a living one's is not") {
  int names[2];
  REQUIRE(pipe(names) == 0);
  const pid_t child = fork();
  if (child == 0) {
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
  const std::string folder{text, static_cast<std::size_t>(length)};
  { const Shadow beside{newest()}; }
  CHECK(file::exists(folder));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  CHECK(file::exists(folder));
  { const Shadow next{newest()}; }
  CHECK_FALSE(file::exists(folder));
  CHECK_FALSE(file::exists(folder + ".lock"));
}
