// docs/guides/coverage.md: what in a plan carries each heading and each SQL block of its guide.
#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/file.h"
#include "bindings/registry.h"
#include "guide/coverage.h"
#include "guide/page.h"
#include "script/plan_loader.h"
#include "support/catch.h"
#include "support/folder.h"

using namespace engine;
using namespace test;

namespace {

const std::string root = SOURCE_FOLDER;
const std::string printed = root + "/docs/guides/coverage.md";

constexpr const char* head = R"(# What carries the guides

Printed by the tests from the plans and the pages beside this one: do not edit; `UPDATE_GOLDEN=1` before the test
`guide.coverage_test` prints it again. [Writing a plan](../manual/writing-a-plan.md) says how a guide names what carries it.
"Word for word" is SQL that stands in the plan or its files as it stands in the guide, comments and line breaks aside.
)";

script::LoadedPlan load(const std::string& path) {
  script::LoadOptions options;
  options.primitives = bindings::primitives();
  options.lib_lua = root + "/lib-lua";
  return script::load_plan(path, options);
}

// The plan's text and those of its SQL files, which stand in a folder of its name.
std::string sources(const std::string& plan) {
  std::string text = file::read(root + "/plans/" + plan + ".lua");
  if (!std::filesystem::exists(root + "/plans/" + plan)) return text;
  for (const auto& entry : std::filesystem::directory_iterator{root + "/plans/" + plan})
    text += "\n" + file::read(entry.path());
  return text;
}

std::vector<std::string> guides() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator{root + "/docs/guides"}) {
    if (entry.path().stem() != "coverage") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// For a plan with a phase, a step with a rollback, a task and a hint, and this page as its guide.
guide::Coverage of(const std::string& page) {
  const Folder folder;
  file::write(folder.path() + "/small.lua", R"lua(
    return plan "Small" {
      id = "small", hints = { ["42P01"] = "make it" }, support = "ask",
      phase "Steps" {
        step "Make" { heading = "1. Make", run = sql [[ CREATE TABLE t (a integer) ]], rollback = sql [[ DROP TABLE t ]],
                      verify = check "It is there" { function() expect.table "t" end } },
      },
      task "Daily" { id = "daily", heading = "Every day", run = sql [[ ANALYZE t ]] },
    })lua");
  const script::LoadedPlan loaded = load(folder.path() + "/small.lua");
  return guide::coverage(loaded.plan, page, loaded.plan.source);
}

std::string problems(const std::string& page) {
  std::string all;
  for (const std::string& problem : of(page).problems) all += problem + "\n";
  return all;
}

}  // namespace

TEST_CASE(
    "every heading and every SQL block of the guides is carried, and the table says by what") {
  std::string text = head;
  for (const std::string& name : guides()) {
    CAPTURE(name);
    REQUIRE(file::exists(root + "/plans/" + name + ".lua"));
    const script::LoadedPlan loaded = load(root + "/plans/" + name + ".lua");
    CHECK(std::filesystem::equivalent(loaded.plan.guide, root + "/docs/guides/" + name + ".md"));
    const guide::Coverage one =
        guide::coverage(loaded.plan, file::read(loaded.plan.guide), sources(name));
    for (const std::string& problem : one.problems) FAIL_CHECK(name + ".md, " + problem);
    text += "\n## [" + name + "](" + name + ".md)\n\n" + one.table;
  }
  if (std::getenv("UPDATE_GOLDEN") != nullptr) file::write(printed, text);
  CHECK(file::read(printed) == text);
}

TEST_CASE("a heading is carried by its words, by a comment, or by what stands under it") {
  CHECK(problems("# Small\n## Steps\n### 1. Make\n## Every day\n") == "");
  CHECK(problems("# A title\n## Steps\n") == "");
  CHECK(problems("# Small\n## Help\n<!-- carried by: support, hint 42P01 -->\nText.\n") == "");
  CHECK(problems("# Small\n## Old\n<!-- left out: nobody has it -->\nText.\n") == "");
  CHECK(problems("# Small\n## Make\n## Steps\n") ==
        "line 2: nothing carries the heading \"Make\"\n");
  CHECK(problems("## Steps\n### 1. make\n") == "line 2: nothing carries the heading \"1. make\"\n");
}

TEST_CASE("an SQL block is carried by its heading's step or by a comment, never by a phase") {
  const std::string block = "```sql\nCREATE TABLE t\n  (a integer); -- so\n```\n";
  CHECK(problems("## 1. Make\n" + block) == "");
  CHECK_THAT(of("## 1. Make\n" + block).table,
             ContainsSubstring("step \"Make\" | word for word |"));
  CHECK_THAT(of("## Steps\n" + block).problems.at(0), ContainsSubstring("nothing carries the SQL"));
  CHECK(problems("## Steps\n<!-- carried by: rollback of \"Make\" -->\n" + block) == "");
  CHECK_THAT(of("## Every day\n```sql\nANALYZE t; VACUUM t;\n```\n").table,
             ContainsSubstring("1 of 2 statements word for word"));
  CHECK_THAT(of("## Every day\n```sql\nVACUUM t;\n```\n").table,
             ContainsSubstring("task \"Daily\" | in the plan's own words"));
}

TEST_CASE("a comment directly above a block speaks of it, the one before of the heading") {
  const auto parts = guide::parts_of(
      "# A\n<!-- carried by: about -->\n\n<!-- carried by: step \"x, y: z\", check \"c\":\n"
      "  otherwise -->\n```sql\n# no heading\n```\n```bash\n# nor this\n```\n");
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].marker->names == std::vector<std::string>{"about"});
  CHECK(parts[1].marker->names == std::vector<std::string>{"step \"x, y: z\"", "check \"c\""});
  CHECK(parts[1].marker->note == "otherwise");
}

TEST_CASE("a comment that names what the plan does not have, or gives no reason, is a problem") {
  CHECK(problems("# Small\n## Old\n<!-- carried by: step \"Mkae\", task \"daily\" -->\nText.\n") ==
        "line 2: the plan has no step \"Mkae\"\nline 2: the plan has no task \"daily\"\n");
  CHECK_THROWS_WITH(problems("# Small\n<!-- left out: -->\n"), ContainsSubstring("no reason"));
  CHECK_THROWS_WITH(problems("# Small\n<!-- carried by: -->\n"), ContainsSubstring("by nothing"));
  CHECK_THROWS_WITH(problems("<!-- carried by: about -->\n# Small\n"),
                    ContainsSubstring("nothing"));
}
