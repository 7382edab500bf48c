#include <nlohmann/json.hpp>

#include "base/process.h"
#include "base/text.h"
#include "cli/workplace.h"
#include "support/catch.h"

using test::two_steps;
using test::Workplace;

TEST_CASE("a plan runs, runs again for nothing, holds, and is undone") {
  const Workplace place{two_steps};
  const auto first = place.engine("run", {"--yes"});
  INFO(first.all());
  CHECK(first.status == 0);
  CHECK(first.out.starts_with("Target "));
  CHECK_THAT(first.out, ContainsSubstring("+ Make people"));
  CHECK_THAT(first.out, ContainsSubstring("1,000 rows"));
  CHECK(place.has_table("pets"));

  const auto again = place.engine("run", {"--yes"});
  CHECK(again.status == 0);
  CHECK_THAT(again.out, ContainsSubstring("Nothing to do"));

  CHECK(place.engine("verify").status == 0);

  const auto back = place.engine("rollback", {"--yes"});
  CHECK(back.status == 0);
  CHECK_THAT(back.out, ContainsSubstring("- Make people"));
  CHECK_FALSE(place.has_table("people"));
}

TEST_CASE(
    "without a terminal what is unanswered is listed, with its flag, before anything is touched") {
  const Workplace place{two_steps};
  const auto ended = place.engine("run");
  CHECK(ended.status == 5);
  CHECK_THAT(ended.err, ContainsSubstring("--yes"));
  CHECK_THAT(ended.err, ContainsSubstring("--set \"Make pets\"=yes"));
  CHECK_FALSE(place.has_table("people"));
  CHECK(place.database.value("SELECT to_regnamespace('engine') IS NULL") == "t");
}

TEST_CASE("an answer given by name is enough, and no is a refusal") {
  const Workplace place{two_steps};
  const auto refused = place.engine("run", {"--set", "run=yes", "--set", "Make pets=no"});
  CHECK((refused.status == 3 || refused.status == 5));
  CHECK_FALSE(place.has_table("pets"));
  const auto done = place.engine("run", {"--set", "run=yes", "--set", "Make pets=yes"});
  CHECK(done.status == 0);
  CHECK(place.has_table("pets"));
}

TEST_CASE("each line of --json is one object of a known event, from run.started to run.finished") {
  const Workplace place{two_steps};
  for (const char* verb : {"run", "verify", "rollback"}) {
    const auto ended = place.engine(verb, {"--yes", "--json", "-v"});
    CHECK(ended.status == 0);
    CHECK(ended.err.empty());
    std::vector<nlohmann::json> events;
    for (const std::string& line : engine::text::lines(ended.out)) {
      events.push_back(nlohmann::json::parse(line));
    }
    REQUIRE(events.size() >= 2);
    CHECK(events.front()["event"] == "run.started");
    CHECK(events.front()["mode"] == verb);
    CHECK(events.back()["event"] == "run.finished");
    CHECK(events.back()["exit"] == 0);
    CHECK(events.back()["run"].is_string());
  }
}

TEST_CASE("a failure names the place, the statement, the server's words and the next command") {
  const Workplace place{R"lua(
return plan "Broken" {
  support = "Ask the owners.",
  step "Good" { run = sql [[ CREATE TABLE good (id int) ]], rollback = nothing },
  step "Bad"  {
    run      = sql [[
      ALTER TABLE good ADD COLUMN a int;
      ALTER TABLE nowhere ADD COLUMN a int;
    ]],
    rollback = nothing,
  },
}
)lua"};
  const auto ended = place.engine("run", {"--yes"});
  INFO(ended.all());
  CHECK(ended.status == 3);
  CHECK_THAT(ended.out, ContainsSubstring("! Bad"));
  CHECK_THAT(ended.err, ContainsSubstring("plans/plan.lua:8"));
  CHECK_THAT(ended.err, ContainsSubstring("42P01"));
  CHECK_THAT(ended.err, ContainsSubstring("ALTER TABLE nowhere"));
  CHECK_THAT(ended.err, ContainsSubstring("Ask the owners."));
  CHECK_THAT(ended.err, ContainsSubstring("engine run plans/plan.lua -d"));
  CHECK_THAT(ended.err, ContainsSubstring("engine rollback plans/plan.lua"));
}

TEST_CASE("an output that cannot be written ends the run, and not with 0") {
  const Workplace place{two_steps};
  std::string command =
      "exec '" ENGINE_PROGRAM "' status -d '" + place.database.conninfo() + "' > /dev/full";
  const auto full = engine::process::run({"/bin/sh", "-c", command});
  CHECK(full.status == 1);
  CHECK_THAT(full.errors, ContainsSubstring("No space left on device"));
}

TEST_CASE("status shows the runs and their steps, also as JSON") {
  const Workplace place{two_steps};
  CHECK_THAT(place.status().out, ContainsSubstring("No plan has run on this target"));
  CHECK(place.engine("run", {"--yes"}).status == 0);
  const auto plain = place.status();
  CHECK(plain.status == 0);
  CHECK_THAT(plain.out, ContainsSubstring("Make pets"));
  CHECK_THAT(plain.out, ContainsSubstring("2 of 2"));
  const auto line = nlohmann::json::parse(place.status({"--json"}).out);
  CHECK(line["event"] == "status");
  CHECK(line["status"] == "done");
  CHECK(line["done"] == 2);
  CHECK(line["of"] == 2);
  REQUIRE(line["steps"].size() == 2);
  CHECK(line["steps"][0]["rows"] == 1000);
  const std::string run = line["run"];
  CHECK(place.status({run}).status == 0);
  CHECK(place.status({"20200101-000000-0000"}).status == 2);
}

TEST_CASE("status says how many of the plan's steps are done, also of those not reached") {
  const std::string third = "  step \"Third\" { run = sql [[ SELECT 1 ]], rollback = nothing },\n";
  const std::string begins =
      "return plan \"Fails\" {\n"
      "  step \"First\" { run = sql [[ SELECT 1 ]], rollback = nothing },\n"
      "  step \"Second\" { run = sql [[ SELECT 1 / (SELECT 0) ]], "
      "rollback = nothing },\n" +
      third;
  const Workplace place{begins + "}"};
  CHECK(place.engine("run", {"--yes"}).status == 3);
  CHECK_THAT(place.status().out, ContainsSubstring("1 of 3"));
  const auto line = nlohmann::json::parse(place.status({"--json"}).out);
  CHECK(line["done"] == 1);
  CHECK(line["of"] == 3);

  place.folder.write(
      "plans/plan.lua",
      begins + "  step \"Fourth\" { run = sql [[ SELECT 1 ]], rollback = nothing },\n}");
  CHECK(place.engine("run", {"--yes"}).status == 3);
  INFO(place.status().out);
  CHECK_THAT(place.status().out, ContainsSubstring("1 of 4"));
}

TEST_CASE("tasks are listed, and run by name") {
  const Workplace place{R"lua(
return plan "With a task" {
  step "Good" { run = sql [[ CREATE TABLE good (id int) ]], rollback = nothing },
  task "Statistics" { id = "daily", why = "Keeps the planner informed", run = sql [[ ANALYZE good ]] },
  task "Look" { id = "look", run = sql [[ SELECT 1 ]] },
}
)lua"};
  const auto list = place.engine("task");
  CHECK(list.status == 0);
  CHECK_THAT(list.out, ContainsSubstring("daily  Statistics  Keeps the planner informed  never\n"));
  CHECK_THAT(list.out, ContainsSubstring("not recorded: reads only\n"));
  CHECK(place.database.value("SELECT to_regnamespace('engine') IS NULL") == "t");
  CHECK(place.engine("run", {"--yes"}).status == 0);
  const auto done = place.engine("task", {"daily", "--yes"});
  INFO(done.all());
  CHECK(done.status == 0);
  CHECK(place.engine("task", {"dayly", "--yes"}).status != 0);
  const auto again = place.engine("task", {"--json"});
  const auto at = place.database.value(
      "SELECT to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') FROM engine.run"
      " WHERE plan LIKE '%:daily'");
  CHECK_THAT(place.engine("task").out, ContainsSubstring("informed  " + at + "\n"));
  CHECK_THAT(again.out, ContainsSubstring("\"last_run\":\"" + at.substr(0, 10) + "T"));
  CHECK_THAT(again.out, ContainsSubstring("\"last_run\":null"));
  place.database.sql("DROP TABLE good");
  CHECK(place.engine("task", {"daily", "--yes"}).status == 1);
  CHECK_THAT(place.engine("task").out, ContainsSubstring(" (failed)\n"));
}

TEST_CASE("a task that reads gives its rows as CSV, one that writes is refused") {
  const Workplace place{R"lua(
return plan "Rows" {
  task "Look" { id = "look", run = sql [[ SELECT 1 AS id, 'a, "b"' AS name, NULL AS nothing ]] },
  task "Gone" { id = "gone", run = sql [[ SELECT * FROM no_such_table ]] },
  task "Write" { id = "write", run = sql [[ CREATE TABLE written () ]] },
}
)lua"};
  const auto rows = place.engine("task", {"look", "--csv"});
  CHECK(rows.status == 0);
  CHECK(rows.out == "id,name,nothing\r\n1,\"a, \"\"b\"\"\",\r\n");
  const auto gone = place.engine("task", {"gone", "--csv"});
  CHECK(gone.status == 1);
  CHECK(gone.out.empty());
  CHECK_THAT(gone.err, ContainsSubstring("no_such_table"));
  CHECK(place.engine("task", {"write", "--csv", "--yes"}).status == 2);
  CHECK(!place.has_table("written"));
  CHECK(place.engine("task", {"look", "--csv", "--json"}).status == 2);
  CHECK(place.engine("task", {"--csv"}).status == 2);
}

TEST_CASE("tasks are listed although the target does not answer") {
  const test::Folder folder;
  folder.write("plan.lua", R"lua(
return plan "With a task" { task "Statistics" { id = "daily", run = sql [[ ANALYZE ]] } }
)lua");
  const auto listed = test::run_engine({"task", "plan.lua", "-d", "host=/nowhere dbname=x"},
                                       {folder.path(), {}, std::chrono::seconds{60}});
  CHECK(listed.status == 0);
  CHECK_THAT(listed.out, ContainsSubstring("unknown\n"));
  CHECK_THAT(listed.err, ContainsSubstring("When they last ran is unknown: "));
  const auto embedded =
      test::run_engine({"task", "plan.lua"}, {folder.path(), {}, std::chrono::seconds{60}});
  CHECK(embedded.status == 0);
  CHECK_THAT(embedded.out, ContainsSubstring("never\n"));
}

TEST_CASE("what a person repaired is told to the journal") {
  const Workplace place{test::two_steps};
  CHECK(place.engine("run", {"--yes"}).status == 0);
  place.database.sql("DROP TABLE pets");
  const auto told = place.engine("resolve", {"Make pets", "--undone", "--yes"});
  INFO(told.all());
  CHECK(told.status == 0);
  CHECK(place.engine("run", {"--yes"}).status == 0);
  CHECK(place.has_table("pets"));
}

TEST_CASE("status details the run that needs somebody, whatever came after it") {
  const Workplace place{R"lua(
return plan "Bad second" {
  step "Good" { run = sql [[ CREATE TABLE good (id int) ]], rollback = sql [[ DROP TABLE good ]] },
  step "Bad"  { run = sql [[ SELECT 1/0 ]], rollback = nothing },
  task "Look after it" { id = "care", run = sql [[ VACUUM good ]], transaction = "none" },
  task "Break" { id = "break", run = sql [[ DELETE FROM nowhere ]] },
}
)lua"};
  CHECK(place.engine("run", {"--yes"}).status == 3);
  CHECK(place.engine("task", {"care"}).status == 0);
  const auto after = place.status();
  INFO(after.all());
  const auto run = after.out.find(" of plan: failed");
  const auto task = after.out.find(" of plan:care: done");
  REQUIRE(run != std::string::npos);
  REQUIRE(task != std::string::npos);
  CHECK(run < task);
  CHECK_THAT(after.out,
             ContainsSubstring("`engine run PLAN` resumes it, `engine rollback PLAN` undoes it."));

  CHECK(place.engine("rollback", {"--yes"}).status == 0);
  CHECK(place.engine("task", {"break"}).status == 1);
  const auto last = place.status();
  INFO(last.all());
  CHECK_THAT(last.out, ContainsSubstring(" of plan:break: failed"));
  CHECK_THAT(last.out, ContainsSubstring("`engine task PLAN NAME` runs it again."));
  CHECK_THAT(last.out, !ContainsSubstring("resumes it"));
}
