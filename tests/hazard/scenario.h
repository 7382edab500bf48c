// A rule's scenario: one plan that trips it, and one that does the same the safer way and does not.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "event/event.h"
#include "hazard/rules/rule.h"

namespace test {

/// A step of a plan.
struct Move {
  std::string sql;
  bool outside = false;  // transaction = "none"
  std::string when{};    // SQL of a condition
};
Move outside(const std::string& sql);
inline Move step(const std::string& sql) { return {sql}; }
inline Move step_when(const std::string& condition, const std::string& sql) {
  return {sql, false, condition};
}

/// What the target is told to be like, besides large.
using Circumstances =
    std::function<void(engine::hazard::Production&, std::vector<engine::hazard::Probe>&)>;

struct Scenario {
  std::string rule;
  std::vector<Move> trips, safer;
  std::string setup = {};    // besides what all scenarios begin with
  Circumstances where = {};  // for the plan that trips it
};

/// Executes the plan by the runner with a tracer listening, and gives what the rules say.
struct Trial {
  engine::event::RunFinished finished;
  std::vector<engine::trace::StatementTrace> statements;
  engine::database_state::DatabaseState before, after;
  std::vector<engine::event::Finding> findings;

  bool found(const std::string& rule) const;
  std::string told() const;  // of a failure, and all findings
};
Trial attempt(const std::vector<Move>& moves, const std::string& setup = "",
              const Circumstances& where = {});

/// Tries both plans of each.
void try_out(const std::vector<Scenario>& scenarios);

std::vector<Scenario> index_scenarios();
std::vector<Scenario> constraint_scenarios();
std::vector<Scenario> column_scenarios();
std::vector<Scenario> table_scenarios();
std::vector<Scenario> row_scenarios();
std::vector<Scenario> type_scenarios();
std::vector<Scenario> code_scenarios();
std::vector<Scenario> name_scenarios();
std::vector<Scenario> lock_scenarios();
std::vector<Scenario> access_scenarios();
std::vector<Scenario> opening_scenarios();
std::vector<Scenario> loss_scenarios();
std::vector<Scenario> policy_scenarios();
std::vector<Scenario> condition_scenarios();
std::vector<Scenario> policy_function_scenarios();
std::vector<Scenario> data_scenarios();
std::vector<Scenario> outside_scenarios();
std::vector<Scenario> sampling_scenarios();

}  // namespace test
