// The process list, which every user of the machine can read.
#include <signal.h>

#include <fstream>
#include <sstream>

#include "base/text.h"
#include "cli/workplace.h"
#include "support/catch.h"

using test::Program;
using test::Workplace;

namespace {

constexpr const char* hidden = "hidden-word";

std::string arguments_of(pid_t pid) {
  std::ostringstream text;
  text << std::ifstream{"/proc/" + std::to_string(pid) + "/cmdline"}.rdbuf();
  return text.str();
}

/// The program's arguments once it has read them: before its first instruction they are the
/// system's.
std::string arguments_once_read(const Program& program) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  for (;;) {
    const std::string words = arguments_of(program.pid());
    const bool shown = words.find("plan.lua") != std::string::npos;
    const bool over = !program.running() || std::chrono::steady_clock::now() > give_up;
    if (over || (shown && words.find(hidden) == std::string::npos)) return words;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
}

}  // namespace

TEST_CASE("no spelling of an address or an answer is left in the process list") {
  const Workplace place{test::slow_step};
  const std::string pairs = place.database.conninfo() + " password=" + hidden;
  const std::string url = "postgresql://postgres:" + std::string{hidden} + "@/" +
                          place.database.name() + "?host=" + place.database.server();
  const std::string answer = "unknown_thing=" + std::string{hidden};
  const std::vector<std::string> words = GENERATE_COPY(
      std::vector<std::string>{"-d", pairs}, std::vector<std::string>{"-d", url},
      std::vector<std::string>{"-d" + url}, std::vector<std::string>{"-yd", url},
      std::vector<std::string>{"-yd" + url}, std::vector<std::string>{"-yqd" + pairs},
      std::vector<std::string>{"--database=" + url}, std::vector<std::string>{"--database", pairs},
      std::vector<std::string>{"-d=" + url}, std::vector<std::string>{"-d", url, "--set", answer},
      std::vector<std::string>{"-d", url, "--set=" + answer},
      std::vector<std::string>{"-d", url, "--dry-run", "--shadow", url},
      std::vector<std::string>{"-d", url, "--dry-run", "--shadow=" + url});
  std::vector<std::string> all{"run", "plans/plan.lua", "-y"};
  all.insert(all.end(), words.begin(), words.end());
  INFO(engine::text::joined(words, " "));
  Program program{all, place.surroundings()};
  const std::string seen = arguments_once_read(program);
  INFO(seen);
  CHECK(seen.find(hidden) == std::string::npos);
  CHECK(seen.find("run") != std::string::npos);
  program.signal(SIGINT);
  const auto ended = program.wait();
  INFO(ended.all());
  CHECK(ended.all().find(hidden) == std::string::npos);
}

TEST_CASE(
    "what the parser refuses shows no password, whether it is an address in its place or not") {
  const test::Folder folder;
  const std::string url = "postgresql://me:" + std::string{hidden} + "@nowhere.invalid/app";
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--databse=" + url},
                                                {"status", url, url},
                                                {"status", "--nonsense", url},
                                                {url},
                                                {"-d", url, "rnu"},
                                                {"run", "p.lua", "-d", url + "%zz"}}) {
    const auto ended = test::run_engine(words, {folder.path(), {}});
    INFO(ended.all());
    CHECK(ended.status != 0);
    CHECK(ended.all().find(hidden) == std::string::npos);
  }
}
