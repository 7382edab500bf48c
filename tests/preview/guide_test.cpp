// The esquisse guide exactly as it is written, previewed beside the plan that was made of it.
#include "base/file.h"
#include "preview/previewed.h"
#include "support/catch.h"

using namespace test;

namespace {

const std::string examples = SOURCE_FOLDER "/examples/esquisse_multisession/";

/// The guide's SQL, block by block.
std::vector<std::string> blocks() {
  const std::string guide =
      engine::file::read(SOURCE_FOLDER "/docs/guides/esquisse_multisession.md");
  const std::string fence = "```sql\n";
  std::vector<std::string> found;
  for (std::size_t at = guide.find(fence); at != std::string::npos;
       at = guide.find(fence, at + 1)) {
    const std::size_t from = at + fence.size();
    found.push_back(guide.substr(from, guide.find("```", from) - from));
  }
  return found;
}

std::string step(const std::string& title, const std::string& run, const std::string& undo) {
  return "step \"" + title + "\" { run = sql [==[ " + run + " ]==], rollback = " + undo + " },\n";
}

}  // namespace

TEST_CASE(
    "the guide as written changes ids, loses a view and a key, and its rollback restores neither") {
  const std::vector<std::string> sql = blocks();
  REQUIRE(sql.size() == 7);
  Folder folder;
  folder.write("plan.lua", "return plan \"As written\" {\n" + step("Backup", sql[0], "nothing") +
                               step("Drop", sql[1], "nothing") +
                               step("Create", sql[2], "sql [==[ " + sql[6] + " ]==]") +
                               step("Migrate", sql[3], "nothing") + "}\n");
  const Previewed previewed =
      preview(folder, {"--from", examples + "before.sql", "--fail-on", "never"});
  INFO(previewed.ended.all());
  CHECK(previewed.ended.status == 8);
  auto rules = previewed.rules();
  CHECK(rules["Drop"].contains("drop.cascade"));
  CHECK(rules["Drop"].contains("drop.table"));
  CHECK_THAT(previewed.ended.out, ContainsSubstring("rows.keys-changed"));
  std::string taken;
  for (const json& finding : previewed.all("finding")) {
    if (finding.at("rule") == "drop.cascade") taken = finding.at("message");
  }
  CHECK_THAT(taken, ContainsSubstring("view"));
  CHECK_THAT(taken, ContainsSubstring("esquisse_exports"));
  const json rollback = previewed.proof("rollback");
  CHECK(rollback.at("ok") == false);
  CHECK_THAT(rollback.at("lost").dump(), ContainsSubstring("esquisse_sessions_pkey"));
  CHECK_THAT(rollback.at("lost").dump(), ContainsSubstring("is missing"));
}

TEST_CASE("the plan made of the guide keeps ids, view and key, and its rollback restores all") {
  const Folder folder;
  const Ended ended =
      run_engine({"preview", SOURCE_FOLDER "/plans/esquisse_multisession.lua", "--from",
                  examples + "before.sql", "--answers", examples + "answers.json", "--json"},
                 {folder.path(), {}, std::chrono::seconds{120}});
  INFO(ended.all());
  CHECK(ended.status == 0);
  CHECK_THAT(ended.out, !ContainsSubstring("drop.cascade"));
  CHECK_THAT(ended.out, !ContainsSubstring("rows.keys-changed"));
  CHECK_THAT(ended.out, ContainsSubstring("\"of\":\"rollback\",\"ok\":true"));
  CHECK_THAT(ended.out, ContainsSubstring("\"of\":\"second_run\",\"ok\":true"));
}
