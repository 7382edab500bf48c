// What was edited in a plan since a run executed it, as differences of its text.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "journal/history.h"
#include "report/status.h"
#include "runner/plan.h"
#include "runner/record.h"

namespace engine::cli {

struct PlanChange {
  std::string step;   // its id
  std::string title;  // as it is now; of a removed one as it was
  report::StatusChange change;
};

/// The text that ran is the one that the journal keeps. It is read and not executed.
std::vector<PlanChange> plan_changes(const runner::Plan& plan, const runner::Record& record,
                                     const journal::History& history);

}  // namespace engine::cli
