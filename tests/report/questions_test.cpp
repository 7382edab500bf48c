#include "report/questions.h"

#include <nlohmann/json.hpp>

#include "support/catch.h"

using namespace engine;

TEST_CASE("the answers file holds every question of a plan, with its default or null") {
  plan::Plan plan;
  plan.inputs = {{"preserve", plan::InputType::boolean, "true", "Migrate?", {}, {}, false, {}},
                 {"batch", plan::InputType::integer, "500", "", {}, {}, false, {}},
                 {"keep", plan::InputType::choice, {}, "Keep what?", {"all", "none"}, {}, true, {}},
                 {"key", plan::InputType::secret, {}, "The key?", {}, {}, false, {}}};
  plan::Step manual;
  manual.kind = plan::StepKind::manual;
  manual.id = "resume";
  manual.title = "Resume session";
  manual.why = "Click on a past session";
  plan::Step step;
  step.id = "step";
  plan::Step drop;
  drop.id = "drop";
  drop.title = "Drop the old table";
  drop.confirm = [] { return std::string{"Drop 5,000 rows?"}; };
  plan::Undo undo;
  undo.confirm = drop.confirm;
  drop.rollback = undo;
  plan.steps = {step, drop, manual};

  const std::string text = report::answers_to_fill_in(
      plan, {{{"ticket", "Which ticket?", event::Ask::Kind::text, {}, {}}, "plans/p.lua:3"},
             {{"", "", event::Ask::Kind::text, {}, {}}, "plans/p.lua:4"}});
  const auto answers = nlohmann::json::parse(text);
  CHECK(answers["preserve"] == true);
  CHECK(answers["batch"] == 500);
  CHECK(answers["keep"].is_null());
  CHECK(answers.contains("resume"));
  CHECK(answers["key"].is_null());
  CHECK(answers["_questions"]["key"] ==
        "The key? (a secret: protect this file from other readers)");
  CHECK(answers["drop"].is_null());
  CHECK(answers["_questions"]["drop"] == "Run \"Drop the old table\"? (yes or no)");
  CHECK(answers["_questions"]["drop:rollback"] == "Undo \"Drop the old table\"? (yes or no)");
  CHECK_FALSE(answers.contains("step"));
  CHECK(answers["run"].is_null());
  CHECK(answers["rollback"].is_null());
  CHECK(answers["ticket"].is_null());
  CHECK(answers["_questions"]["ticket"] == "Which ticket? (text; asked at plans/p.lua:3)");
  CHECK(answers["_questions"].contains("_plans/p.lua:4"));
  CHECK(answers["_questions"]["keep"] ==
        "Keep what? (one of all or none; asked before a rollback)");
  CHECK(answers["_questions"]["resume"] == "Click on a past session (done, failed, skip or later)");
}
