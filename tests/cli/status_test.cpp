// engine status RUN, PLAN: what a run is in, down to the words of its errors and what was edited.
#include <signal.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/workplace.h"
#include "support/catch.h"
#include "support/role.h"

using engine::text::lines;
using nlohmann::json;
using test::Program;
using test::Workplace;

namespace {

const std::string second_fails = R"lua(
return plan "Second fails" {
  step "One"   { run = sql [[ CREATE TABLE one (id int PRIMARY KEY) ]], rollback = sql [[ DROP TABLE one ]] },
  step "Two"   {
    run = sql [[
      DO $$ BEGIN RAISE EXCEPTION 'a message of more than sixty characters, which nothing may cut off'
        USING DETAIL = 'The detail.', HINT = 'The hint.', ERRCODE = '22012'; END $$;
    ]],
    rollback = nothing,
  },
  step "Three" { run = sql [[ SELECT 3 ]], rollback = nothing },
}
)lua";

/// Four steps, the last of which fails until there is a table `go`.
std::string four(const std::string& a, const std::string& b, const std::string& c) {
  return "return plan \"Four\" {\n" + a + b + c +
         "  step \"Last\" { run = sql [[ SELECT 1 FROM go ]], rollback = nothing },\n}\n";
}
const std::string a = "  step \"A\" { run = sql [[ CREATE TABLE a () ]], rollback = nothing },\n";
const std::string b = "  step \"B\" { run = sql [[ CREATE TABLE b () ]], rollback = nothing },\n";
const std::string c = "  step \"C\" { run = sql [[ CREATE TABLE c () ]], rollback = nothing },\n";

json step_of(const json& status, const std::string& title) {
  for (const json& step : status["steps"])
    if (step["title"] == title) return step;
  return nullptr;
}

json status_of(const Workplace& place, const std::vector<std::string>& more = {}) {
  std::vector<std::string> all{"--json"};
  all.insert(all.end(), more.begin(), more.end());
  const auto ended = place.status(all);
  INFO(ended.all());
  REQUIRE(ended.status == 0);
  return json::parse(lines(ended.out).at(0));
}

std::string change_of(const json& status, const std::string& title) {
  const json step = step_of(status, title);
  if (step.is_null() || step["changes"].empty()) return "";
  return step["changes"][0]["change"];
}

}  // namespace

TEST_CASE("status shows a failed step's whole error, its attempts, and who ran it") {
  const Workplace place{second_fails};
  CHECK(place.engine("run", {"--yes"}).status == 3);
  CHECK(place.engine("run", {"--yes"}).status == 3);
  const auto plain = place.status();
  INFO(plain.all());
  for (const char* part :
       {"a message of more than sixty characters, which nothing may cut off", "The detail.",
        "The hint.", "22012", "plan.lua:6", "attempt 2", "role postgres", "Three", "pending",
        "PostgreSQL ", "1 of 3 done, 1 failed, 1 pending", "Nothing of it is in the database."})
    CHECK_THAT(plain.out, ContainsSubstring(part));

  const json status = status_of(place);
  const json two = step_of(status, "Two");
  CHECK(two["status"] == "failed");
  CHECK(two["error"]["detail"] == "The detail.");
  CHECK(two["error"]["sqlstate"] == "22012");
  CHECK(two["attempts"].size() == 2);
  CHECK(status["role"] == "postgres");
  CHECK(status["process"] > 0);
  CHECK_FALSE(status["user"].get<std::string>().empty());
  CHECK_FALSE(status["host"].get<std::string>().empty());
  CHECK(status["system_identifier"] ==
        place.database.value("SELECT system_identifier FROM pg_control_system()"));
  CHECK(step_of(status, "Three")["status"] == "pending");
}

TEST_CASE("a secret with a quote in it is in no error that status shows") {
  const Workplace place{R"lua(
return plan "Secret" {
  inputs = { key = { type = "secret", ask = "The key?" } },
  step "Fail" {
    run = function() db.exec("SELECT $1::integer", input.key) end, rollback = nothing,
  },
}
)lua"};
  CHECK(place.engine("run", {"--yes", "--set", "key=correct\"horse"}).status == 1);
  const auto kept = place.database.value("SELECT string_agg(data::text, '') FROM engine.event");
  CHECK_THAT(kept, ContainsSubstring("invalid input syntax"));
  CHECK_THAT(kept, !ContainsSubstring("horse"));
}

TEST_CASE("what was edited, removed, added or moved since is told as that, with its lines") {
  const Workplace place{four(a, b, c)};
  CHECK(place.engine("run", {"--yes"}).status == 3);
  CHECK(status_of(place, {"plans/plan.lua"})["steps"][0]["changes"].empty());

  const std::string edited =
      "  step \"B\" { run = sql [[ CREATE TABLE b (id int) ]], rollback = nothing },\n";
  place.folder.write("plans/plan.lua", four(a, edited, c));
  json status = status_of(place, {"plans/plan.lua"});
  CHECK(change_of(status, "A").empty());
  CHECK(change_of(status, "B") == "edited");
  const json diff = step_of(status, "B")["changes"][0]["diff"];
  REQUIRE(diff.size() == 2);
  CHECK_THAT(diff[0].get<std::string>(), ContainsSubstring("-  step \"B\""));
  CHECK_THAT(diff[1].get<std::string>(), ContainsSubstring("b (id int)"));
  CHECK_THAT(place.status({"plans/plan.lua"}).out, ContainsSubstring("edited, plans/plan.lua:3"));

  place.folder.write("plans/plan.lua", four(a, "", c));
  status = status_of(place, {"plans/plan.lua"});
  CHECK(change_of(status, "B") == "removed");
  CHECK(change_of(status, "C").empty());
  const auto refused = place.engine("run", {"--yes"});
  CHECK(refused.status == 5);
  CHECK_THAT(refused.err, ContainsSubstring("\"B\" was removed"));
  CHECK_THAT(refused.err, !ContainsSubstring("\"B\" was edited"));

  const std::string added = "  step \"New\" { run = sql [[ SELECT 1 ]], rollback = nothing },\n";
  place.folder.write("plans/plan.lua", four(a + added, b, c));
  CHECK(change_of(status_of(place, {"plans/plan.lua"}), "New") == "new");

  place.folder.write("plans/plan.lua", four(c, a, b));
  status = status_of(place, {"plans/plan.lua"});
  CHECK(change_of(status, "C") == "moved");
  CHECK(change_of(status, "A").empty());
  CHECK(change_of(status, "B").empty());
}

TEST_CASE("an edit of a helper or of an SQL file is found although the step's lines are the same") {
  const std::string plan = R"lua(
local name = "%"
return plan "Helped" {
  step "Make" { run = function() db.exec("CREATE TABLE " .. name .. " ()") end, rollback = nothing },
  step "File" { run = sql.file "more.sql", rollback = nothing },
  step "Last" { run = sql [[ SELECT 1 FROM go ]], rollback = nothing },
}
)lua";
  const auto named = [&](std::string name) {
    std::string text = plan;
    return text.replace(text.find('%'), 1, name);
  };
  const Workplace place{named("one")};
  place.folder.write("plans/more.sql", "SELECT 1;");
  CHECK(place.engine("run", {"--yes"}).status == 3);
  place.folder.write("plans/plan.lua", named("two"));
  place.folder.write("plans/more.sql", "SELECT 2;");
  const json status = status_of(place, {"plans/plan.lua"});
  const json make = step_of(status, "Make")["changes"].at(0);
  CHECK(make["change"] == "edited");
  CHECK_THAT(make["diff"].dump(), ContainsSubstring("local name"));
  CHECK(change_of(status, "File") == "edited");
  const json file = step_of(status, "File")["changes"].at(0);
  CHECK_THAT(file["note"].get<std::string>(), ContainsSubstring("an SQL file or a module"));
}

TEST_CASE(
    "a step that was cut off outside a transaction is told as interrupted, and a part stands") {
  const Workplace place{R"lua(
return plan "Outside" {
  step "One" { run = sql [[ CREATE TABLE one () ]], rollback = nothing },
  step "Two" { transaction = "none", run = sql [[ CREATE TABLE two (); SELECT 1/(SELECT 0) ]],
               rollback = nothing },
}
)lua"};
  CHECK(place.engine("run", {"--yes"}).status == 3);
  const auto plain = place.status();
  INFO(plain.all());
  CHECK_THAT(plain.out, ContainsSubstring("1 interrupted"));
  CHECK_THAT(plain.out,
             ContainsSubstring("began outside a transaction and was interrupted. What it did"));
  CHECK_THAT(plain.out, ContainsSubstring("division by zero"));
}

TEST_CASE("a rollback that stopped half way is told with what still stands") {
  const Workplace place{R"lua(
return plan "Back" {
  step "One" { run = sql [[ CREATE TABLE one () ]], rollback = sql [[ DROP TABLE one ]] },
  step "Two" { run = sql [[ CREATE TABLE two () ]], rollback = sql [[ DROP TABLE nowhere ]] },
  step "Three" { run = sql [[ CREATE TABLE three () ]], rollback = sql [[ DROP TABLE three ]] },
}
)lua"};
  CHECK(place.engine("run", {"--yes"}).status == 0);
  CHECK(place.engine("rollback", {"--yes"}).status == 6);
  const auto plain = place.status({"plans/plan.lua"});
  INFO(plain.all());
  CHECK_THAT(plain.out, ContainsSubstring("rollback failed"));
  CHECK_THAT(plain.out, ContainsSubstring("All of its work is still in the database"));
  CHECK_THAT(plain.out, ContainsSubstring("It is not undone yet"));
  CHECK_THAT(plain.out, ContainsSubstring("undone"));
  CHECK_THAT(plain.out, ContainsSubstring("42P01"));
  CHECK_THAT(plain.out, ContainsSubstring("engine rollback plans/plan.lua -d"));
}

TEST_CASE("a step that an engine works on is running, with its session; an orphan is no engine") {
  const Workplace place{test::slow_orphan};
  Program program{place.words("run", {"--yes"}), place.surroundings()};
  for (int i = 0;
       i < 400 && place.database.value("SELECT count(*) FROM pg_stat_activity WHERE "
                                       "query LIKE '%pg_sleep(60)%' AND state = "
                                       "'active' AND application_name LIKE 'engine/%'") != "1";
       ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  json status = status_of(place);
  CHECK(status["steps"][0]["status"] == "running");
  CHECK(status["pid"].is_number());
  CHECK(status["session"]["orphan"] == false);
  CHECK_THAT(status["session"]["statement"].get<std::string>(), ContainsSubstring("pg_sleep(60)"));
  CHECK_THAT(place.status().out, ContainsSubstring("An engine works on this run"));

  program.signal(SIGKILL);
  program.wait();
  status = status_of(place);
  CHECK(status["session"]["orphan"] == true);
  CHECK(status["pid"].is_null());
  const auto plain = place.status();
  INFO(plain.all());
  CHECK_THAT(plain.out, !ContainsSubstring("An engine works"));
  CHECK_THAT(plain.out, ContainsSubstring("no longer runs, but its session is still on"));
  CHECK_THAT(plain.out, ContainsSubstring("engine status --end"));
  place.database.sql("CREATE TABLE hurry ()");
  CHECK(place.status({"--end"}).status == 0);
}

TEST_CASE("a run is named by what only its id begins with") {
  const Workplace place{test::two_steps};
  CHECK(place.engine("run", {"--yes"}).status == 0);
  CHECK(place.engine("rollback", {"--yes"}).status == 0);
  CHECK(place.engine("run", {"--yes"}).status == 0);
  const std::string id =
      place.database.value("SELECT id FROM engine.run ORDER BY sequence DESC LIMIT 1");
  CHECK(place.status({id}).status == 0);
  const auto ambiguous = place.status({id.substr(0, 6)});
  CHECK(ambiguous.status == 2);
  CHECK_THAT(ambiguous.err, ContainsSubstring("2 runs begin with"));
  CHECK_THAT(ambiguous.err, ContainsSubstring(id));
  CHECK(place.status({"20200101"}).status == 2);
  CHECK_THAT(place.status({"20200101"}).err, ContainsSubstring("no run 20200101"));
  place.folder.write("plans/other.lua",
                     "return plan \"Other\" { step \"S\" { run = sql [[ SELECT 1 ]], rollback = "
                     "nothing } }");
  CHECK(place.status({id, "plans/plan.lua"}).status == 0);
  const auto other = place.status({id, "plans/other.lua"});
  CHECK(other.status == 2);
  CHECK_THAT(other.err, ContainsSubstring("is of plan plan"));
  CHECK_THAT(place.status({"plans/other.lua"}).out,
             ContainsSubstring("has not run on this target"));
}

TEST_CASE("status says what is wrong with a journal, a right or a plan that it cannot read") {
  const Workplace place{test::two_steps};
  CHECK(place.status({"plans/nowhere.lua"}).status == 2);
  CHECK(place.status({"plans/nowhere/"}).status == 2);
  place.folder.write("plans/broken.lua", "return plan \"Broken\" {");
  CHECK(place.status({"plans/broken.lua"}).status == 2);

  CHECK(place.engine("run", {"--yes"}).status == 0);
  const test::Role reader{place.database, "LOGIN", "reader"};
  const auto denied = test::run_engine({"status", "-d", place.database.conninfo(reader.name())});
  INFO(denied.all());
  CHECK(denied.status == 5);
  CHECK_THAT(denied.err, ContainsSubstring("may not read the journal"));
  CHECK_THAT(denied.err, ContainsSubstring("GRANT SELECT ON ALL"));
  place.database.sql("GRANT USAGE ON SCHEMA engine TO " + reader.name() +
                     "; GRANT SELECT ON ALL TABLES IN SCHEMA engine TO " + reader.name());
  CHECK(test::run_engine({"status", "-d", place.database.conninfo(reader.name())}).status == 0);

  place.database.sql("INSERT INTO engine.version (version, engine_version) VALUES (1000, 'newer')");
  const auto newer = place.status();
  CHECK(newer.status == 5);
  CHECK_THAT(newer.err, ContainsSubstring("has version 1000"));
}
