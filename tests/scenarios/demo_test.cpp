// What README shows is what happens, in an empty folder of somebody who has nothing yet.
#include <algorithm>
#include <regex>

#include "base/file.h"
#include "scenarios/example.h"
#include "support/catch.h"

using namespace test;

namespace {

const std::string readme = engine::file::read(source("README.md"));

// The block that begins with this text.
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
      {" +\\d[\\d.]* (ms|s|min)\\b", " TIME"},
      {"    … [^\n]*\n", ""},  // progress of what took long
      {" {2,}", " "},          // columns as wide as their times
      {"-{2,}", "-"},
  };
  for (const auto& [what, by] : masks) text = std::regex_replace(text, std::regex{what}, by);
  return text;
}

// Each part of the block was printed, in its order; a line `…` stands for what is left out.
void check_shown(const std::string& block, const std::string& printed) {
  const std::string left_out = "\n…\n";
  const std::string all = masked(printed);
  std::size_t after = 0;
  for (std::size_t begin = 0; begin < block.size();) {
    const std::size_t end = std::min(block.find(left_out, begin), block.size());
    const std::string part = masked(block.substr(begin, end - begin));
    const std::size_t found = all.find(part, after);
    INFO("README shows\n" << part << "\nwhere the program printed\n" << all);
    CHECK(found != std::string::npos);
    if (found != std::string::npos) after = found + part.size();
    begin = end + left_out.size();
  }
}

struct Newcomer {
  Newcomer() = default;
  Newcomer(const Newcomer&) = delete;
  Newcomer& operator=(const Newcomer&) = delete;
  ~Newcomer() { type({"db", "reset", "--yes"}); }

  Ended type(const Words& words) const {
    return run_engine(words, {folder.path(), {"HOME=" + folder.path()}, std::chrono::seconds{100}});
  }
  // A command that succeeds, and what it printed.
  std::string told(const Words& words) const {
    const Ended ended = type(words);
    INFO(ended.all());
    REQUIRE(ended.status == 0);
    return ended.out;
  }
  Folder folder;
};

}  // namespace

TEST_CASE("the README's plan is previewed, runs, holds and is undone as README shows it") {
  const Newcomer newcomer;
  const std::string path = "plans/order_currency.lua";
  const std::string fixture = "examples/order_currency/before.sql";
  const std::string plan = block_of_readme("```lua", "return plan");
  const Words preview{"preview", path, "--from", fixture};
  newcomer.folder.write(fixture, block_of_readme("```sql", "CREATE TABLE customers"));

  newcomer.folder.write(path, plan);
  check_shown(block_of_readme("```", "Target " + fixture), newcomer.told(preview));

  newcomer.folder.write(path,
                        std::regex_replace(plan, std::regex{"[^\n]*SET DEFAULT[^\n]*\n"}, ""));
  check_shown(block_of_readme("```", "Verdict\n  ATTENTION"), newcomer.told(preview));

  newcomer.folder.write(path, plan);
  const std::string target =
      "Target order_currency on the embedded server (.engine) as its superuser\n";
  check_shown(block_of_readme("```", target + "Run "),
              newcomer.told({"run", path, "--database", "embedded", "--yes"}));
  newcomer.told({"verify", path, "--database", "embedded"});
  check_shown(block_of_readme("```", target + "Rollback "),
              newcomer.told({"rollback", path, "--database", "embedded", "--yes"}));
}

TEST_CASE("the demo's commands work in an empty folder") {
  const Newcomer newcomer;
  newcomer.told({"run", source("plans/esquisse_multisession.lua"), "--database", "embedded",
                 "--answers", source("examples/esquisse_multisession/answers.json"), "--yes"});
  newcomer.told({"status", "--database", "embedded"});
}
