#include "report/answers.h"

#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "report/operator.h"
#include "report/outputs.h"
#include "support/catch.h"

using namespace engine;
using event::Ask;

namespace {

std::string written(const std::string& content) {
  const std::string path = "/tmp/engine-answers-" + std::to_string(getpid()) + ".json";
  file::write(path, content);
  return path;
}

Ask confirm(const std::string& name) { return {name, "Go on?", Ask::Kind::confirm, {}, {}}; }
Ask text(const std::string& name, std::optional<std::string> preset = {}) {
  return {name, "Which?", Ask::Kind::text, {}, std::move(preset)};
}

Code code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return Code::internal;
}

}  // namespace

TEST_CASE("a flag beats the file, and values keep their canonical text") {
  report::Answers answers;
  answers.set({"name=from flag", "empty="});
  answers.read(written(
      R"({"name": "from file", "yes": true, "count": 42, "rate": 1.5, "open": null, "_about": "x"})"));
  CHECK(answers.find(text("name"))->answer == "from flag");
  CHECK(answers.find(text("name"))->source == "flag");
  CHECK(answers.find(text("empty"))->answer.empty());
  CHECK(answers.find(text("yes"))->answer == "true");
  CHECK(answers.find(text("yes"))->source == "answers file");
  CHECK(answers.find(text("count"))->answer == "42");
  CHECK(answers.find(text("rate"))->answer == "1.5");
  CHECK_FALSE(answers.find(text("open")));
  CHECK_FALSE(answers.find(text("_about")));
}

TEST_CASE("the value of a flag may hold an equals sign") {
  report::Answers answers;
  answers.set({"filter=a=b"});
  CHECK(answers.find(text("filter"))->answer == "a=b");
}

TEST_CASE("--yes answers confirms and takes defaults, and no more") {
  report::Answers answers;
  answers.set({"kept=no"});
  answers.yes_to_confirms();
  CHECK(answers.find(confirm("any"))->answer == "yes");
  CHECK(answers.find(confirm("kept"))->answer == "no");
  CHECK(answers.find(text("preset", "7"))->answer == "7");
  CHECK_FALSE(answers.find(text("open")));
  CHECK_FALSE(answers.find({"manual", "Done?", Ask::Kind::manual, {}, {}}));
}

TEST_CASE("without a terminal a default answers, and a confirm never does") {
  const test::MemoryFile file;
  report::Sink sink{file.descriptor()};
  report::Screen screen{sink, sink, false};
  report::Console console{screen};
  REQUIRE_FALSE(console.present());
  report::Answers answers;
  report::Operator person{answers, console};
  Ask with_preset = confirm("go");
  with_preset.preset = "yes";
  CHECK_FALSE(person.ask(with_preset));
  CHECK_FALSE(person.ask(confirm("go")));
  CHECK_FALSE(person.ask(text("open")));
  CHECK(person.ask(text("preset", "7"))->source == "default");
}

TEST_CASE("what is no answers file is refused, naming file and line") {
  report::Answers answers;
  CHECK(code_of([&] { answers.set({"novalue"}); }) == Code::usage);
  CHECK(code_of([&] { answers.set({"=x"}); }) == Code::usage);
  CHECK(code_of([&] { answers.read("/nonexistent/answers.json"); }) == Code::usage);
  CHECK(code_of([&] { answers.read(written("[1]")); }) == Code::usage);
  CHECK(code_of([&] { answers.read(written(R"({"a": {"b": 1}})")); }) == Code::usage);
  try {
    answers.read(written("{\n\"a\": 1,\n\"b\" 2}"));
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.source().line == 3);
  }
}
