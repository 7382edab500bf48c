#include "report/json_lines.h"

#include <nlohmann/json.hpp>
#include <set>

#include "base/redactor.h"
#include "base/text.h"
#include "report/outputs.h"
#include "report/streams.h"
#include "support/catch.h"
#include "support/event_page.h"

using namespace engine;

namespace {

std::vector<nlohmann::json> parsed(const test::Stream& stream) {
  const test::MemoryFile out;
  report::Sink sink{out.descriptor()};
  report::JsonLines lines{sink};
  for (const auto& event : stream) lines(event);
  std::vector<nlohmann::json> objects;
  for (const std::string& line : text::lines(out.text()))
    objects.push_back(nlohmann::json::parse(line));
  return objects;
}

std::vector<nlohmann::json> of_kind(const test::Stream& stream, const std::string& name) {
  std::vector<nlohmann::json> found;
  for (auto& object : parsed(stream)) {
    if (object["event"] == name) found.push_back(std::move(object));
  }
  return found;
}

}  // namespace

TEST_CASE("every line of every stream is as the page on events has it") {
  const test::EventPage page{SOURCE_FOLDER "/docs/reference/events.md"};
  std::set<std::string> seen;
  for (const auto& [name, stream] : test::all_streams()) {
    INFO(name);
    for (const auto& event : stream) {
      const std::string line = report::json_line(event);
      // The hostile one has nonsense even where only the engine's own words can be.
      if (!line.empty() && name != "hostile_run") CHECK(page.problem_with(line) == "");
    }
    for (const auto& object : parsed(stream)) {
      CHECK(object.at("time") == "2026-11-20T23:15:02.417Z");
      CHECK(object.at("run") == "20261120-231502-4f7a");
      seen.insert(object.at("event").get<std::string>());
    }
  }
  for (const char* other : {"status", "plan", "task", "doctor", "protect", "embedded"})
    seen.insert(other);
  CHECK(seen == page.events());
}

TEST_CASE("a run starts with its plan, target, mode and steps") {
  const auto started = parsed(test::finished_run()).front();
  CHECK(started["event"] == "run.started");
  CHECK(started["plan"] == "esquisse");
  CHECK(started["mode"] == "run");
  CHECK(started["version"] == 1);
  REQUIRE(started["steps"].size() == 4);
  CHECK(started["steps"][1]["id"] == "Drop");
  CHECK(started["steps"][1]["status"] == "pending");
}

TEST_CASE("a run ends with its exit status, its counts and the error") {
  const auto finished = parsed(test::failed_run()).back();
  CHECK(finished["event"] == "run.finished");
  CHECK(finished["status"] == "failed");
  CHECK(finished["exit"] == 3);
  CHECK(finished["counts"]["done"] == 1);
  CHECK(finished["error"]["sqlstate"] == "42703");
  CHECK(finished["error"]["line"] == 41);
  CHECK(finished["next"] == "engine run plans/esquisse.lua");
}

TEST_CASE("rows that were not counted are null, not zero") {
  const auto steps = of_kind(test::finished_run(), "step.finished");
  CHECK(steps.at(0)["rows"] == 5000);
  CHECK(steps.at(1)["rows"].is_null());
  CHECK(steps.at(1)["status"] == "skipped");
}

TEST_CASE("a note and a table are notices of their own severity") {
  const auto notices = of_kind(test::finished_run(), "notice");
  REQUIRE(notices.size() == 4);
  CHECK(notices.at(0)["severity"] == "note");
  CHECK(notices.at(3)["severity"] == "table");
  CHECK(notices.at(3)["rows"][1][1].is_null());
}

TEST_CASE("a secret's answer is null") {
  const auto questions = of_kind(test::hostile_run(), "question");
  CHECK(questions.at(1)["answer"].is_null());
}

TEST_CASE("hostile text stays on its line, in ASCII, without the secret") {
  // In JSON this secret is written with a backslash, so that a look at the finished line misses it.
  redactor::add_secret("hunter22 \"quoted\"");
  for (const auto& event : test::hostile_run()) {
    const std::string line = report::json_line(event);
    CHECK(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; }));
    CHECK(line.find("hunter22") == std::string::npos);
  }
}

TEST_CASE("an event without a run yet says null") {
  CHECK(nlohmann::json::parse(report::json_line(
      {"2026-11-20T23:15:02.417Z", "", event::NoticeSeen{"", "NOTICE", "00000", "x"}}))["run"]
            .is_null());
}
