#include "report/status.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "report/status_plans.h"
#include "support/catch.h"

using namespace engine;

namespace {

const std::string long_title =
    "Create new table schema: constraint, policies, trigger, grants and everything else";
const std::string wide_title = "新しいテーブルを作成し、既存のすべての行をそこへ移動する手順";

report::StatusStep step(const std::string& title, event::StepState status, const std::string& at) {
  report::StatusStep step;
  step.id = step.title = title;
  step.status = status;
  step.at = at;
  step.ms = 1200;
  return step;
}

report::RunStatus run() {
  report::RunStatus status;
  status.run = "20261120-231502-4f7a";
  status.plan = "a_plan_with_a_name_that_goes_on_and_on_and_on";
  status.status = event::RunState::failed;
  status.started = "2026-11-20T23:15:02.417Z";
  status.finished = "2026-11-21T00:15:03.500Z";
  status.role = "deploy";
  status.user = "sam";
  status.host = "workstation.example.com";
  status.process = 4711;
  status.engine_version = "0.3.0";
  status.server_version = "16.2";
  status.system_identifier = "7301234567890123456";
  status.database = 16384;
  status.done = 1;
  status.of = 4;
  report::StatusStep done = step(wide_title, event::StepState::done, "2026-11-20T23:15:03.000Z");
  done.rows = 5000;
  report::StatusStep failed =
      step(long_title, event::StepState::failed, "2026-11-21T00:15:03.000Z");
  failed.stands = "Nothing of it is in the database.";
  failed.code = "sql";
  failed.error = Error{Code::sql, "duplicate key value violates unique constraint \"people_pkey\""}
                     .sqlstate("23505")
                     .detail("Key (id)=(1) already exists.")
                     .hint("Remove the duplicates first, 重複した行を削除してから再実行する。")
                     .statement("CREATE UNIQUE INDEX people_pkey ON people (id)")
                     .at({"plans/people.lua", 12});
  failed.attempts = {{"2026-11-20T23:15:04.000Z", "retried", "55P03", "lock timeout", 3000},
                     {"2026-11-21T00:15:03.000Z", "sql", "23505", failed.error->message(), 1200}};
  report::StatusChange change{"edited", true, "plans/people.lua:10", "", {}};
  change.lines = {
      {' ', "\tstep \"Create\" {"},
      {'-', "    run = sql [[ CREATE UNIQUE INDEX people_pkey ON people (id) ]], -- 旧"},
      {'+', "    run = sql [[ CREATE INDEX people_id ON people (id) ]],"}};
  failed.changes.push_back(change);
  const report::StatusStep pending = step("Last", event::StepState::pending, "");
  status.steps = {done, failed, pending};
  status.unnamed = 1;
  status.session =
      report::StatusSession{4712,
                            "engine/20261120-231502-4f7a/1",
                            "deploy",
                            "a local socket",
                            "2026-11-20T23:15:02.000Z",
                            "active",
                            "CREATE INDEX CONCURRENTLY i ON people (name)",
                            "2026-11-20T23:15:02.000Z",
                            "Lock: relation",
                            "pid 1 (psql of app, idle in transaction): LOCK TABLE people",
                            true,
                            "Its engine no longer runs."};
  status.advice = {"`engine run PLAN` resumes it, `engine rollback PLAN` undoes it."};
  return status;
}

std::size_t widest(const std::string& text) {
  std::size_t width = 0;
  for (const std::string& line : text::lines(text)) width = std::max(width, text::width(line));
  return width;
}

std::string without_breaks(const std::string& text) {
  std::string result;
  for (const char c : text)
    if (c != '\n' && c != ' ') result += c;
  return result;
}

}  // namespace

TEST_CASE("the status of a run fits every width, and loses no word") {
  for (const int width : {40, 60, 80, 120}) {
    const std::string text = report::status_text(run(), report::Paint{false}, width);
    INFO(text);
    CHECK(widest(text) <= static_cast<std::size_t>(width));
    const std::string words = without_breaks(text);
    for (const std::string& part :
         {long_title, wide_title, std::string{"Key (id)=(1) already exists."}, std::string{"23505"},
          std::string{"retried 55P03"}, std::string{"1 of 4 done, 1 failed, 2 pending"}})
      CHECK_THAT(words, ContainsSubstring(without_breaks(part)));
  }
}

TEST_CASE("the table of a folder's plans fits every width") {
  report::PlanStatus broken;
  broken.path = "plans/broken.lua";
  broken.state = report::PlanState::broken;
  broken.error = Error{Code::plan_invalid, "plans/broken.lua:3: unknown key rn; did you mean run?"};
  const std::vector<report::PlanStatus> plans{
      {"a",
       "plans/とても長い名前の計画ファイルです.lua",
       report::PlanState::partly,
       3,
       17,
       "20261120-231502-4f7a",
       "2026-11-20T23:15:02.417Z",
       "2026-11-20T23:15:03.417Z",
       event::RunState::failed,
       {},
       "",
       {}},
      {"b",
       "plans/another_plan_with_quite_a_long_name_of_its_own.lua",
       report::PlanState::edited,
       0,
       17,
       "20261120-231502-4f7b",
       "2026-11-20T23:15:02.417Z",
       "2026-11-20T23:15:03.417Z",
       event::RunState::done,
       {long_title + ": edited"},
       "",
       {}},
      broken};
  for (const int width : {40, 60, 80, 120}) {
    const std::string text = report::plans_text(plans, width);
    INFO(text);
    CHECK(widest(text) <= static_cast<std::size_t>(width));
    CHECK_THAT(without_breaks(text), ContainsSubstring(without_breaks(long_title)));
  }
}

TEST_CASE("plans stand in the order of their numbers") {
  std::vector<std::string> names{"10_b", "9_a", "009_a", "a10", "a9b", "b", "a", "a9"};
  std::sort(names.begin(), names.end(), report::natural_before);
  CHECK(names == std::vector<std::string>{"009_a", "9_a", "10_b", "a", "a9", "a9b", "a10", "b"});
}

TEST_CASE("status as JSON has the whole error and the lines of a difference") {
  const auto line = nlohmann::json::parse(report::status_json(run()));
  CHECK(line["steps"][1]["error"]["detail"] == "Key (id)=(1) already exists.");
  CHECK(line["steps"][1]["changes"][0]["diff"][2].get<std::string>().front() == '+');
  CHECK(line["session"]["orphan"] == true);
  CHECK(line["pid"].is_null());
}
