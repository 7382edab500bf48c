#include "script/plan_loader.h"

#include "script/plans.h"
#include "support/catch.h"

using engine::plan::Plan;
using engine::plan::Step;
using test::Plans;

namespace {

constexpr const char* whole_plan = R"(
local function snapshot() backup.snapshot "sessions" end

return plan "Sessions" {
  id       = "sessions",
  about    = "Many sessions.",
  guide    = "../docs/guide.md",
  needs    = { postgres = 14, tables = { "auth.users" },
               function() return false, "wrong database" end },
  inputs   = {
    preserve = { type = "boolean", default = true, ask = "Keep them?" },
    from     = { type = "date", default = "2025-07-01" },
    how      = { type = "choice", choices = { "all", "none" }, at = "rollback" },
  },
  hints    = { ["42883"] = "Create the function first." },
  lock_timeout = "5s",

  phase "One" {
    step "Back up" {
      heading  = "Step 1",
      when     = function() return input.preserve, "not wanted" end,
      run      = snapshot,
      verify   = function() expect.table "sessions" end,
      rollback = function() backup.drop "sessions" end,
    },
    step "Indexes" {
      id = "indexes",
      transaction = "none",
      run      = sql.file "sessions/indexes.sql",
      rollback = sql [[
        DROP INDEX CONCURRENTLY a;
        DROP INDEX CONCURRENTLY b;
      ]],
    },
    step "Policies" {
      confirm  = "Change them?",
      run      = { sql [[ ALTER TABLE sessions ADD COLUMN name text ]], function() end },
      verify   = {
        check "They see their own" { function() end, why = "Privacy.", hint = "Look at RLS." },
        test "A second session" { function() end },
      },
      rollback = { confirm = function() return nil end, run = function() end, transaction = "none",
                   verify = function() end },
    },
    check "Everything is there" { function() end },
  },
  manual "Try it" { why = "Click.", list = { "one", "two" }, rollback = "Deploy the old code" },
  step "Clean up" { run = sql [[ DROP TABLE old ]], rollback = impossible "it is gone" },
  step "Nothing" { run = function() end, rollback = nothing },
  task "Statistics" { id = "daily", run = sql [[ ANALYZE sessions ]], inputs = { n = { type = "integer" } } },
}
)";

struct Loaded {
  Loaded() {
    plans.write("docs/guide.md", "# Guide");
    plans.write("plans/sessions/indexes.sql",
                "-- two\nCREATE INDEX CONCURRENTLY a ON sessions (id);");
    loaded = plans.load(whole_plan);
    loaded.state->bind(&session);
  }
  const Plan& plan() const { return loaded.plan; }
  const Step& step(std::size_t number) const { return loaded.plan.steps.at(number); }

  Plans plans;
  test::FakeSession session;
  engine::script::LoadedPlan loaded;
};

}  // namespace

TEST_CASE("a plan is read with its header, phases, steps and tasks") {
  const Loaded loaded;
  const Plan& plan = loaded.plan();
  CHECK(plan.id == "sessions");
  CHECK(plan.title == "Sessions");
  CHECK(plan.guide == loaded.plans.root() + "/docs/guide.md");
  CHECK(plan.needs.postgres == 14);
  CHECK(plan.needs.tables == std::vector<std::string>{"auth.users"});
  CHECK(plan.needs.custom().reason == "wrong database");
  CHECK(plan.hints.at("42883") == "Create the function first.");
  CHECK(plan.lock_timeout == "5s");
  REQUIRE(plan.phases.size() == 1);
  CHECK(plan.phases[0].title == "One");
  REQUIRE(plan.steps.size() == 7);
  CHECK(plan.steps[3].kind == engine::plan::StepKind::check);
  CHECK(plan.steps[3].phase == 0);
  CHECK(plan.steps[4].phase == -1);
  REQUIRE(plan.tasks.size() == 1);
  CHECK(plan.tasks[0].id == "daily");
  CHECK(plan.tasks[0].inputs.at(0).name == "n");
}

TEST_CASE("inputs stand in the order of the source, with defaults in canonical text") {
  const Loaded loaded;
  const auto& inputs = loaded.plan().inputs;
  REQUIRE(inputs.size() == 3);
  CHECK(inputs[0].name == "preserve");
  CHECK(inputs[0].preset == "true");
  CHECK(inputs[0].ask == "Keep them?");
  CHECK(inputs[1].preset == "2025-07-01");
  CHECK(inputs[2].choices == std::vector<std::string>{"all", "none"});
  CHECK(inputs[2].at_rollback);
}

TEST_CASE("SQL knows the line of each statement, in the plan and in a file") {
  const Loaded loaded;
  const auto& undo = std::get<engine::plan::Undo>(loaded.step(1).rollback);
  const auto& block = std::get<engine::plan::SqlBlock>(undo.run.at(0));
  REQUIRE(block.statements.size() == 2);
  CHECK(block.at.line == 31);
  CHECK(block.at.line + block.statements[1].line - 1 == 32);
  const auto& file = std::get<engine::plan::SqlBlock>(loaded.step(1).run.at(0));
  CHECK(file.at.file.ends_with("plans/sessions/indexes.sql"));
  CHECK(file.at.line + file.statements.at(0).line - 1 == 2);
}

TEST_CASE("the functions of a plan run, and give conditions and questions") {
  Loaded loaded;
  loaded.session.inputs["preserve"] = {engine::plan::InputType::boolean, "false"};
  const auto condition = loaded.step(0).when();
  CHECK_FALSE(condition.holds);
  CHECK(condition.reason == "not wanted");
  std::get<engine::plan::Function>(loaded.step(0).run.at(0)).call();
  CHECK(loaded.session.notes == std::vector<std::string>{"backup.snapshot"});
  CHECK(loaded.step(2).confirm() == "Change them?");
  const auto& undo = std::get<engine::plan::Undo>(loaded.step(2).rollback);
  CHECK(undo.confirm() == std::nullopt);
  CHECK(undo.transaction == engine::plan::TransactionMode::none);
  CHECK(undo.verify.size() == 1);
}

TEST_CASE("checks and tests keep title, reason and hint") {
  const Loaded loaded;
  const auto& verify = loaded.step(2).verify;
  REQUIRE(verify.size() == 2);
  CHECK(verify[0].title == "They see their own");
  CHECK(verify[0].why == "Privacy.");
  CHECK(verify[0].hint == "Look at RLS.");
  CHECK(verify[1].kind == engine::plan::CheckKind::test);
  CHECK(loaded.step(0).verify.at(0).kind == engine::plan::CheckKind::bare);
}

TEST_CASE("a manual step is asked by its title, and its rollback is a question") {
  const Loaded loaded;
  const Step& manual = loaded.step(4);
  CHECK(manual.kind == engine::plan::StepKind::manual);
  CHECK(manual.ask == "Try it");
  CHECK(manual.list == std::vector<std::string>{"one", "two"});
  CHECK(std::get<engine::plan::Undo>(manual.rollback).confirm() == "Deploy the old code");
  CHECK(std::get<engine::plan::Impossible>(loaded.step(5).rollback).why == "it is gone");
  CHECK(std::holds_alternative<engine::plan::Nothing>(loaded.step(6).rollback));
}

TEST_CASE("the functions of a plan keep its state alive") {
  engine::plan::Plan plan;
  {
    const Plans plans;
    plan = plans.load("return plan \"P\" { check \"C\" { function() error(\"alive\") end } }").plan;
  }
  CHECK_THROWS_WITH(plan.steps.at(0).verify.at(0).function.call(), "alive");
}

TEST_CASE("the id of a plan is its file's name unless given") {
  const Plans plans;
  CHECK(plans.load("return plan \"P\" { check \"C\" { function() end } }").plan.id == "p");
}

TEST_CASE("a plan tells whether some check of it compares with the run's start") {
  const Plans plans;
  const std::string plain =
      R"(return plan "P" { step "A" { run = sql [[ SELECT 1 ]], rollback = nothing } })";
  CHECK_FALSE(plans.load(plain).plan.compares_with_start);
  CHECK_FALSE(plans.load("-- unchanged_except\n" + plain).plan.compares_with_start);
  CHECK(plans
            .load(R"(return plan "P" {
              check "A" { function() local d = expect.table "t" d:unchanged_except() end } })")
            .plan.compares_with_start);
  plans.write("plans/checks.lua", "return function(d) d:unchanged_except { 't' } end");
  CHECK(plans.load("local checks = require 'checks'\n" + plain).plan.compares_with_start);
}
