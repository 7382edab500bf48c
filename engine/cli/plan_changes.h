// What was edited in a plan since a run executed it, as differences of its text.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "journal/history.h"
#include "plan/plan.h"
#include "report/status.h"
#include "runner/command/record.h"

namespace engine::cli {

struct PlanChange {
  std::string step;   // its id
  std::string title;  // as it is now; of a removed one as it was
  report::StatusChange change;
};

/// The text that ran is the one that the journal keeps. It is read and not executed.
std::vector<PlanChange> plan_changes(const plan::Plan& plan, const runner::Record& record,
                                     const journal::History& history);

}  // namespace engine::cli
