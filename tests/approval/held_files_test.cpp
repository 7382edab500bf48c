// Modules and SQL files that a plan reads while it runs: approved with it, and checked for edits.
#include "approval/approving.h"
#include "support/catch.h"

using namespace test;

namespace {

/// Its step "Note" makes a table; "Work" executes words.sql in this way.
std::string plan_that(const std::string& executes, const std::string& rollback) {
  return R"lua(
local stem = "words"
return plan "Files" {
  step "Note" { run = sql [[ CREATE TABLE note (id int) ]], rollback = sql [[ DROP TABLE note ]] },
  step "Work" {
    run = function()
      )lua" +
         executes + R"lua(
    end,
    rollback = )lua" +
         rollback + R"lua(,
  },
}
)lua";
}

const std::string by_literal = "db.exec(sql.file \"words.sql\")";
const std::string by_variable =
    "for _, name in ipairs { \"words.sql\" } do db.exec(sql.file(name)) end";
const std::string by_module = "local _, m = pcall(require, \"words\") m.work()";
const std::string computed = "db.exec(sql.file(stem .. \".sql\"))";

struct Files : Place {
  explicit Files(const std::string& executes,
                 const std::string& rollback = "impossible \"it stays\"")
      : Place{plan_that(executes, rollback)} {
    says("one");
    folder.write("words.undo.sql", "DELETE FROM aside");
  }
  void says(const std::string& word) const {
    folder.write("words.sql", "UPDATE people SET name = '" + word + "' WHERE id = 1");
    folder.write("words.lua", "return { work = function() db.exec [[ UPDATE people SET name = '" +
                                  word + "' WHERE id = 1 ]] end }");
  }
  std::string word() const { return database.value("SELECT name FROM people WHERE id = 1"); }
};

}  // namespace

TEST_CASE("a file that was edited since the preview refuses the approved run") {
  for (const std::string& executes : {by_literal, by_variable, by_module}) {
    INFO(executes);
    const Files files{executes};
    const Ended saved = files.save();
    INFO(saved.all());
    REQUIRE(saved.status == 0);
    files.says("two");
    const Ended refused = files.run();
    INFO(refused.all());
    CHECK(refused.status == 5);
    CHECK_THAT(refused.all(), ContainsSubstring("step \"Work\" was edited after"));
    CHECK(files.database.value("SELECT to_regclass('note') IS NULL") == "t");
    files.says("one");
    const Ended ran = files.run();
    INFO(ran.all());
    CHECK(ran.status == 0);
    CHECK(files.word() == "one");
  }
}

TEST_CASE("a file by a computed name cannot be approved, and both commands say where it is read") {
  const Files files{computed};
  const Ended saved = files.save();
  INFO(saved.all());
  CHECK_THAT(saved.all(), ContainsSubstring("run --approved refuses it"));
  const Ended refused = files.run();
  INFO(refused.all());
  CHECK(refused.status == 5);
  CHECK_THAT(refused.all(), ContainsSubstring("step \"Work\" reads words.sql by a name that is "));
  CHECK_THAT(refused.all(), ContainsSubstring("plan.lua:7"));
  CHECK_THAT(refused.all(), ContainsSubstring("sql.file \"words.sql\""));
  CHECK(files.database.value("SELECT to_regclass('note') IS NULL") == "t");
}

TEST_CASE("a file by a computed name that the preview did not read is refused when it is read") {
  const Files files{"if db.value \"SELECT count(*) FROM aside\" > 0 then " + computed + " end"};
  REQUIRE(files.save().status == 0);
  files.database.sql("INSERT INTO aside VALUES (1)");
  const Ended refused = files.run();
  INFO(refused.all());
  CHECK(refused.status == 3);
  CHECK_THAT(refused.all(), ContainsSubstring("plan.lua:7"));
  CHECK(files.word() == "p1");
}

TEST_CASE("without an approval, a file by a computed name is recorded with its step") {
  const Files files{computed, "function() db.exec(sql.file(stem .. \".undo.sql\")) end"};
  const Ended ran = files.engine("run", {"--yes"});
  INFO(ran.all());
  REQUIRE(ran.status == 0);
  CHECK(files.word() == "one");
  files.says("two");
  const Ended again = files.engine("run", {"--yes"});
  INFO(again.all());
  CHECK(again.status == 5);
  CHECK_THAT(again.all(), ContainsSubstring("words.sql, which \"Work\" read while it ran"));
  const Ended refused = files.engine("rollback", {"--yes"});
  INFO(refused.all());
  CHECK(refused.status == 5);
  CHECK_THAT(refused.all(), ContainsSubstring("words.sql"));
  const Ended as_run = files.engine("rollback", {"--yes", "--as-run"});
  INFO(as_run.all());
  CHECK(as_run.status == 0);
}

TEST_CASE("a rollback as it ran has the modules and SQL files as they were then") {
  const Place place{R"lua(
local h = require "helpers"
return plan "Kept" {
  step "Work" { run = sql.file "work.sql", rollback = function() h.undo() end },
}
)lua"};
  place.folder.write("work.sql", "UPDATE people SET name = 'x' WHERE id = 1");
  place.folder.write(
      "helpers.lua",
      "return { undo = function() db.exec \"UPDATE people SET name = 'then' WHERE id "
      "= 1\" end }");
  REQUIRE(place.engine("run", {"--yes"}).status == 0);
  place.folder.write("work.sql", "SELECT 1");
  place.folder.write("helpers.lua", "return {}");
  CHECK(place.engine("rollback", {"--yes"}).status == 5);
  const Ended undone = place.engine("rollback", {"--yes", "--as-run"});
  INFO(undone.all());
  CHECK(undone.status == 0);
  CHECK(place.database.value("SELECT name FROM people WHERE id = 1") == "then");
}

TEST_CASE("a file that is edited while the plan runs does not change this run") {
  const Files files{"db.exec \"SELECT pg_sleep(3)\" " + by_literal};
  Program running{{"run", "plan.lua", "-d", files.database.conninfo(), "--yes"},
                  {files.folder.path(), {}, std::chrono::seconds{120}}};
  const std::string sleeping =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = "
      "'PgSleep'";
  while (running.running() && files.database.value(sleeping) == "0")
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  files.says("two");
  const Ended ended = running.wait();
  INFO(ended.all());
  CHECK(ended.status == 0);
  CHECK(files.word() == "one");
}
