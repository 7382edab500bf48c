// Signals at any moment, the first ones included.
#include <fcntl.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/workplace.h"
#include "support/catch.h"

using namespace std::chrono_literals;
using test::Program;
using test::TerminalProgram;
using test::Workplace;

namespace {

const std::string asks_secret = R"lua(
return plan "Secret" {
  inputs = { key = { type = "secret", ask = "The key?" } },
  step "Make" { run = sql [[ CREATE TABLE people (id int) ]], rollback = nothing },
}
)lua";

/// No session of an engine is left; tests/preview/killed_test.cpp sees to shadows.
bool nothing_left(const Workplace& place) {
  for (int i = 0; i < 200; ++i) {
    if (place.database.value(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
            "application_name LIKE 'engine%'") == "0")
      return true;
    std::this_thread::sleep_for(50ms);
  }
  return false;
}

/// The terminal that a program has as its standard input.
class Terminal {
 public:
  explicit Terminal(pid_t pid)
      : descriptor_(open(("/proc/" + std::to_string(pid) + "/fd/0").c_str(),
                         O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    REQUIRE(isatty(descriptor_) == 1);
  }
  ~Terminal() { close(descriptor_); }
  bool echoes() const {
    termios settings{};
    REQUIRE(tcgetattr(descriptor_, &settings) == 0);
    return (settings.c_lflag & ECHO) != 0;
  }

 private:
  int descriptor_;
};

/// What a signal does to this process, and to a program that it starts, for one scope.
class Disposition {
 public:
  Disposition(int number, void (*handler)(int))
      : number_(number), before_(::signal(number, handler)) {}
  Disposition(const Disposition&) = delete;
  Disposition& operator=(const Disposition&) = delete;
  ~Disposition() { ::signal(number_, before_); }

 private:
  int number_;
  void (*before_)(int);
};

}  // namespace

TEST_CASE(
    "a signal in the first moments ends every command with 130, its sentence and nothing left") {
  const Workplace place{test::slow_step};
  const std::string command = GENERATE("run", "preview", "status");
  const int number = GENERATE(SIGINT, SIGTERM, SIGHUP);
  const Disposition plain{number, SIG_DFL};  // not what the test framework does with it
  for (const auto pause : {0ms, 1ms, 5ms, 20ms, 50ms, 100ms}) {
    INFO(command << ", signal " << number << " after " << pause.count() << " ms");
    std::vector<std::string> words{command, "-d", place.database.conninfo()};
    if (command != "status") words.insert(words.begin() + 1, {"plans/plan.lua", "--yes"});
    Program program{words, place.surroundings()};
    std::this_thread::sleep_for(pause);
    program.signal(number);
    const auto ended = program.wait();
    INFO(ended.all());
    // Before the program's first instruction the signal is the system's.
    const bool never_began = ended.status == 128 + number && ended.all().empty();
    // Status may have come first.
    const bool was_faster = command == "status" && ended.status == 0;
    if (never_began || was_faster) continue;
    CHECK(ended.status == 130);
    CHECK_THAT(engine::text::lower(ended.all()), ContainsSubstring("interrupted"));
  }
  CHECK(nothing_left(place));
}

TEST_CASE("the prompt for a secret leaves a terminal that shows what is typed, whatever ends it") {
  const Workplace place{asks_secret};
  TerminalProgram program{place.words("run"), place.surroundings()};
  REQUIRE(program.says("The key?"));
  int status = 130;
  {
    const Terminal terminal{program.pid()};
    CHECK_FALSE(terminal.echoes());
    SECTION("SIGQUIT") {
      kill(program.pid(), SIGQUIT);
      status = 128 + SIGQUIT;
    }
    SECTION("Ctrl-\\") {
      program.type("\x1c");
      status = 128 + SIGQUIT;
    }
    SECTION("Ctrl-C") { program.type("\x03"); }
    SECTION("SIGHUP") { kill(program.pid(), SIGHUP); }
    for (int i = 0; i < 500 && !terminal.echoes(); ++i) std::this_thread::sleep_for(10ms);
    CHECK(terminal.echoes());
  }
  CHECK(program.wait() == status);
}

TEST_CASE("nohup holds: a SIGHUP that is ignored at the start stays ignored") {
  const Workplace place{test::slow_step};
  const Disposition ignored{SIGHUP, SIG_IGN};
  Program program{place.words("run", {"--yes"}), place.surroundings()};
  const std::string sleeps =
      "SELECT count(*) FROM pg_stat_activity WHERE query ~ 'pg_sleep\\(60\\)' AND state = 'active' "
      "AND "
      "datname = current_database() AND pid <> pg_backend_pid()";
  while (program.running() && place.database.value(sleeps) == "0")
    std::this_thread::sleep_for(20ms);
  program.signal(SIGHUP);
  std::this_thread::sleep_for(1s);
  CHECK(program.running());
  program.signal(SIGTERM);
  CHECK(program.wait().status == 130);
}
