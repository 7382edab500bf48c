// What README shows is what happens, in an empty folder of somebody who has nothing yet.
#include <regex>

#include "base/file.h"
#include "scenarios/example.h"
#include "support/catch.h"

using namespace test;

namespace {

const std::string readme = engine::file::read(source("README.md"));

// The block that begins with this line.
std::string block_of_readme(const std::string& fence, const std::string& first) {
  const std::string opening = fence + "\n";
  const std::size_t begin = readme.find(opening + first);
  REQUIRE(begin != std::string::npos);
  const std::size_t from = begin + opening.size();
  return readme.substr(from, readme.find("```", from) - from);
}

// Without what differs from run to run, and from one machine to the other.
std::string masked(std::string text) {
  const std::pair<const char*, const char*> masks[] = {
      {"20\\d{6}[-_]\\d{6}[-_][0-9a-f]{4}", "RUN"},
      {"\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d", "WHEN"},
      {" \\([\\d.]+ (ms|s|min)[^)]*\\)", " (TIME)"},
      {" +\\d[\\d.]* (ms|s|min)\\b", " TIME"},
      {", (ended )?\\d\\d:\\d\\d:\\d\\d", ", AT"},
      {"\n  (by|engine|server)     [^\n]*", "\n  $1"},
      {"    … [^\n]*\n", ""},  // progress of what took long
  };
  for (const auto& [what, by] : masks) text = std::regex_replace(text, std::regex{what}, by);
  return text;
}

struct Newcomer {
  Newcomer() = default;
  Newcomer(const Newcomer&) = delete;
  Newcomer& operator=(const Newcomer&) = delete;
  ~Newcomer() { type({"db", "reset", "--yes"}); }

  Ended type(const Words& words) const {
    return run_engine(words, {folder.path(), {"HOME=" + folder.path()}, std::chrono::seconds{100}});
  }
  Folder folder;
};

}  // namespace

TEST_CASE("the demo's output is the README's") {
  const Newcomer newcomer;
  const Ended run =
      newcomer.type({"run", source("plans/esquisse_multisession.lua"), "--database", "embedded",
                     "--answers", source("examples/esquisse_multisession/answers.json"), "--yes"});
  INFO(run.err);
  REQUIRE(run.status == 0);
  const Ended status = newcomer.type({"status", "--database", "embedded"});
  REQUIRE(status.status == 0);
  CHECK(masked(run.out + "$ engine status\n" + status.out) ==
        masked(block_of_readme("```", "Target ")));
}

TEST_CASE("the README's plan runs where `engine new` has made its folder, and is undone") {
  const Newcomer newcomer;
  REQUIRE(newcomer.type({"new", "add_names"}).status == 0);
  newcomer.folder.write("plans/add_names.lua", block_of_readme("```lua", "return plan"));
  for (const char* command : {"run", "verify", "rollback"}) {
    Words words{command, "plans/add_names.lua"};
    if (words.front() != "verify") words.push_back("--yes");
    const Ended ended = newcomer.type(words);
    INFO(ended.all());
    CHECK(ended.status == 0);
  }
}
