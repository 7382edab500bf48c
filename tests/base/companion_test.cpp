#include "base/companion.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "base/file.h"
#include "support/catch.h"
#include "support/folder.h"

namespace process = engine::process;

TEST_CASE("a companion's input ends when this process does, and it is waited for") {
  const test::Folder folder;
  {
    const process::Companion companion{
        {"/bin/sh", "-c", "read -r word; [ \"$word\" = told ] && cat && sleep 0.2; : >\"$1\"",
         "companion", folder.file("ended")}};
    companion.write("told\n");
    CHECK_FALSE(engine::file::exists(folder.file("ended")));
  }
  CHECK(engine::file::exists(folder.file("ended")));
  CHECK_THROWS_WITH(process::Companion({"/no-such-program"}), ContainsSubstring("no-such-program"));

  const pid_t owner = fork();
  if (owner == 0) {
    const process::Companion companion{
        {"/bin/sh", "-c", "read -r _; : >\"$1\"", "companion", folder.file("killed")}};
    kill(getpid(), SIGKILL);
  }
  waitpid(owner, nullptr, 0);
  for (int i = 0; i < 500 && !engine::file::exists(folder.file("killed")); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  CHECK(engine::file::exists(folder.file("killed")));
}

TEST_CASE("a companion that has gone is written to in vain") {
  const process::Companion companion{{"true"}};
  for (int i = 0; i < 100; ++i) {
    companion.write("somebody there?\n");
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
}
