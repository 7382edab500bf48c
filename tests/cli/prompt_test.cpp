#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "cli/workplace.h"
#include "support/catch.h"

using test::TerminalProgram;
using test::two_steps;
using test::Workplace;

namespace {

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("on a terminal a person is asked, and y is enough for yes") {
  const Workplace place{two_steps};
  TerminalProgram program{place.words("run"), place.surroundings()};
  REQUIRE(program.says("Run 2 steps"));
  REQUIRE(program.says("[yes/no]"));
  program.type("maybe\n");
  REQUIRE(program.says("please answer [yes/no]"));
  REQUIRE(program.says("[yes/no]"));  // typed before, it would answer nothing
  program.type("y\n");
  REQUIRE(program.says("Really make pets? [yes/no]"));
  CHECK(place.has_table("people"));  // no transaction is open during a question
  program.type("yes\n");
  CHECK(program.wait() == 0);
  CHECK(place.has_table("pets"));
}

TEST_CASE("no is a refusal that touches nothing") {
  const Workplace place{two_steps};
  TerminalProgram program{place.words("run"), place.surroundings()};
  REQUIRE(program.says("[yes/no]"));
  program.type("no\n");
  CHECK(program.wait() == 5);
  CHECK_FALSE(place.has_table("people"));
}

TEST_CASE("the end of input is a refusal") {
  const Workplace place{two_steps};
  TerminalProgram program{place.words("run"), place.surroundings()};
  REQUIRE(program.says("[yes/no]"));
  program.type("\x04");
  CHECK(program.wait() == 5);
  CHECK_FALSE(place.has_table("people"));
}

TEST_CASE("Ctrl-C ends a prompt with 130") {
  const Workplace place{two_steps};
  TerminalProgram program{place.words("run"), place.surroundings()};
  REQUIRE(program.says("[yes/no]"));
  program.type("\x03");
  CHECK(program.wait() == 130);
  CHECK_FALSE(place.has_table("people"));
}

TEST_CASE("an input is asked with its default, which Enter takes") {
  const Workplace place{R"lua(
return plan "Asks" {
  inputs = { name = { type = "text", default = "people", ask = "Which table?" } },
  step "Make" {
    run      = sql [[ CREATE TABLE people (id int) ]],
    when     = function() return input.name == "people", "another name" end,
    rollback = nothing,
  },
}
)lua"};
  TerminalProgram program{place.words("run"), place.surroundings()};
  REQUIRE(program.says("Which table? (people)"));
  program.type("\n");
  REQUIRE(program.says("[yes/no]"));
  program.type("yes\n");
  CHECK(program.wait() == 0);
  CHECK(place.has_table("people"));
}

TEST_CASE("an answer of the wrong type is asked for again, and an answer is not repeated") {
  const Workplace place{R"lua(
return plan "Asks" {
  inputs = { n = { type = "integer", ask = "How many?" } },
  step "Make" { run = sql [[ CREATE TABLE people (id int) ]], rollback = nothing },
}
)lua"};
  TerminalProgram program{place.words("run"), place.surroundings()};
  REQUIRE(program.says("How many?"));
  program.type("many\n");
  REQUIRE(program.says("input n takes an integer, not \"many\""));
  REQUIRE(program.says("How many?"));
  program.type("7\n");
  REQUIRE(program.says("[yes/no]"));
  program.type("yes\n");
  CHECK(program.wait() == 0);
  CHECK(program.screen().find("asked") == std::string::npos);
}

TEST_CASE("an answer that is none of the choices is asked for again") {
  const Workplace place{R"lua(
return plan "Asks" {
  inputs = {
    way  = { type = "choice", choices = { "keep", "drop" }, ask = "Which way?" },
    sure = { type = "boolean", ask = "Sure?" },
  },
  manual "Look" { why = "Is it nice?" },
}
)lua"};
  TerminalProgram program{place.words("run", {"--set", "run=yes"}), place.surroundings()};
  REQUIRE(program.says("Which way? [keep/drop]"));
  program.type("leave\n");
  REQUIRE(program.says("please answer [keep/drop]"));
  REQUIRE(program.says("[keep/drop]"));  // typed before, it would answer nothing
  program.type("keep\n");
  REQUIRE(program.says("Sure? [yes/no]"));
  program.type("perhaps\n");
  REQUIRE(program.says("please answer [yes/no]"));
  REQUIRE(program.says("[yes/no]"));  // typed before, it would answer nothing
  program.type("yes\n");
  REQUIRE(program.says("[done/failed/skip/later]"));
  program.type("fine\n");
  REQUIRE(program.says("please answer [done/failed/skip/later]"));
  REQUIRE(program.says("[done/failed/skip/later]"));  // typed before, it would answer nothing
  program.type("done\n");
  CHECK(program.wait() == 0);
}

TEST_CASE("the time that a person takes is not the step's") {
  const Workplace place{R"lua(
return plan "Waits" {
  step "Asks" {
    run      = function() ask.confirm "Really?"; db.exec "CREATE TABLE people (id int)" end,
    rollback = nothing,
  },
  step "Asks outside" {
    transaction = "none",
    run         = function() ask.confirm "Still?"; db.exec "CREATE TABLE pets (id int)" end,
    rollback    = nothing,
  },
  manual "Look" { why = "Is it nice?" },
  manual "Look again" { why = "Is it nice now?" },
}
)lua"};
  TerminalProgram program{place.words("run", {"--set", "run=yes"}), place.surroundings()};
  REQUIRE(program.says("Really?"));
  std::this_thread::sleep_for(std::chrono::milliseconds{700});
  program.type("yes\n");
  REQUIRE(program.says("Still?"));
  std::this_thread::sleep_for(std::chrono::milliseconds{700});
  program.type("yes\n");
  REQUIRE(program.says("[done/failed/skip/later]"));
  std::this_thread::sleep_for(std::chrono::milliseconds{700});
  program.type("done\n");
  REQUIRE(program.says("Is it nice now?"));
  std::this_thread::sleep_for(std::chrono::milliseconds{700});
  program.type("failed\n");
  CHECK(program.wait() == 3);
  INFO(program.screen());
  CHECK(place.database.value("SELECT count(*) FROM engine.step WHERE ms < 600") == "4");
}

TEST_CASE("a secret is typed unseen, and stands nowhere afterwards") {
  const Workplace place{R"lua(
return plan "Secret" {
  inputs = { key = { type = "secret", ask = "The key?" } },
  step "Make" { run = sql [[ CREATE TABLE people (id int) ]], rollback = nothing },
}
)lua"};
  TerminalProgram program{place.words("run", {"-v"}), place.surroundings()};
  REQUIRE(program.says("The key?"));
  program.type("hunter22secret\n");
  REQUIRE(program.says("[yes/no]"));
  program.type("yes\n");
  CHECK(program.wait() == 0);
  CHECK(program.screen().find("hunter22") == std::string::npos);
  CHECK(place.database.value("SELECT count(*) FROM engine.run r WHERE r::text LIKE '%hunter22%'") ==
        "0");
}

TEST_CASE("a manual step that is answered later waits with 9") {
  const Workplace place{"return plan \"Waits\" { manual \"Look\" { why = \"Is it nice?\" } }"};
  TerminalProgram program{place.words("run", {"--yes"}), place.surroundings()};
  REQUIRE(program.says("[done/failed/skip/later]"));
  program.type("later\n");
  CHECK(program.wait() == 9);
}

TEST_CASE("the process list shows neither the connection string nor an answer") {
  const Workplace place{two_steps};
  TerminalProgram program{place.words("run", {"--set", "Make pets=yes"}), place.surroundings()};
  REQUIRE(program.says("[yes/no]"));
  const std::string arguments = content("/proc/" + std::to_string(program.pid()) + "/cmdline");
  CHECK(arguments.find("plans/plan.lua") != std::string::npos);
  CHECK(arguments.find(place.database.name()) == std::string::npos);
  CHECK(arguments.find("pets=yes") == std::string::npos);
}
