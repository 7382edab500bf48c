// engine run --questions, and answers that nothing asks for.
#include <nlohmann/json.hpp>

#include "cli/workplace.h"
#include "support/catch.h"

using nlohmann::json;
using test::Workplace;

namespace {

const std::string asking = R"lua(
local people = "people"
return plan "Asking" {
  inputs = {
    keep  = { type = "boolean", ask = "Keep them?" },
    key   = { type = "secret", ask = "The key?" },
    since = { type = "date", when = function() return input.keep end },
    drop  = { type = "boolean", ask = "Drop it?", at = "rollback" },
    size  = { type = "integer", default = 5 },
  },
  step "Make" {
    confirm  = function() return "Make people?" end,
    run      = function()
      local ticket = ask.text { "Which ticket?", name = "ticket" }
      local way = ask.choice { text = "Which way?", choices = { "all", { "some", "the new ones" } }, name = "way" }
      ask.confirm "Really now?"
      db.exec("CREATE TABLE " .. people .. " (a text DEFAULT '" .. ticket .. way .. "')")
    end,
    rollback = { confirm = function() return "Undo?" end, run = sql [[ DROP TABLE people ]] },
  },
  manual "Look" { why = "Look at it" },
}
)lua";

}  // namespace

TEST_CASE("a run, and its rollback, ask nothing with the file of --questions filled in") {
  const Workplace place{asking};
  const auto printed = place.engine("run", {"--questions"});
  REQUIRE(printed.status == 0);
  json file = json::parse(printed.out);
  CHECK(file["size"] == 5);
  CHECK_THAT(file["_questions"]["way"].get<std::string>(),
             ContainsSubstring("one of all or some; asked at plans/plan.lua:"));
  CHECK_THAT(file["_questions"]["since"].get<std::string>(),
             ContainsSubstring("only if its condition holds"));
  const json answers{{"run", "yes"},      {"rollback", "yes"},      {"keep", true},
                     {"key", "hunter22"}, {"since", "2026-01-01"},  {"drop", true},
                     {"Make", "yes"},     {"Make:rollback", "yes"}, {"Look", "done"},
                     {"ticket", "T1"},    {"way", "some"},          {"really_now", "yes"}};
  for (const auto& [name, value] : file.items()) {
    INFO(name);
    if (name.starts_with('_') || !value.is_null()) continue;
    REQUIRE(answers.contains(name));
    file[name] = answers[name];
  }
  for (const auto& [name, value] : answers.items()) {
    INFO(name);
    CHECK(file.contains(name));
  }
  place.folder.write("answers.json", file.dump(2));
  const auto run = place.engine("run", {"--answers", "answers.json"});
  INFO(run.all());
  CHECK(run.status == 0);
  CHECK_THAT(run.err, !ContainsSubstring("warning"));
  const auto back = place.engine("rollback", {"--answers", "answers.json"});
  INFO(back.all());
  CHECK(back.status == 0);
}

TEST_CASE("an answer that the plan asks for nowhere is told, with its line and the nearest name") {
  const Workplace place{asking};
  place.folder.write("answers.json",
                     "{\n  \"_about\": {\"tickt\": 1},\n  \"run\": \"yes\",\n"
                     "  \"tickt\": \"T1\",\n  \"unheard of\": 1\n}\n");
  const auto run = place.engine("run", {"--answers", "answers.json"});
  INFO(run.all());
  CHECK(run.status == 5);
  CHECK_THAT(run.err,
             ContainsSubstring("answers.json:4: the plan has no question or input named \"tickt\"; "
                               "did you mean \"ticket\"?"));
  CHECK_THAT(run.err, ContainsSubstring("answers.json:5: the plan has no question or input named"));
  CHECK_THAT(run.err, !ContainsSubstring("\"run\""));
  const auto flag = place.engine("run", {"--set", "tickt=T1", "--yes"});
  CHECK(flag.status == 2);
  CHECK_THAT(flag.err, ContainsSubstring("did you mean \"ticket\"?"));
  CHECK_THAT(place.engine("run", {"--set", "people=1", "--yes"}).err,
             ContainsSubstring("the plan file has no question or input of that name"));
}

TEST_CASE("a question that the plan computes is told as such, and its answer is let through") {
  const Workplace place{R"lua(
return plan "Computed" {
  step "Ask" {
    run = function()
      for _, word in ipairs { "cats", "dogs" } do ask.confirm { text = "Make " .. word .. "?", name = "make_" .. word } end
    end,
    rollback = nothing,
  },
}
)lua"};
  const json file = json::parse(place.engine("run", {"--questions"}).out);
  CHECK_THAT(file["_questions"]["_plans/plan.lua:5"].get<std::string>(),
             ContainsSubstring("computes this question"));
  const auto run =
      place.engine("run", {"--set", "run=yes", "--set", "make_cats=yes", "--set", "make_dogs=yes"});
  INFO(run.all());
  CHECK(run.status == 0);
}
