// The steps of a run, from the journal and, where it is given, the plan.
#pragma once

#include <vector>

#include "journal/history.h"
#include "plan/plan.h"
#include "report/status.h"

namespace engine::cli {

struct RunFacts {
  const journal::RunRow& run;
  const std::vector<journal::StepRow>& rows;
  const journal::History& history;
  const plan::Plan* plan;  // nullptr: not given
};

/// Fills `status.steps`, `status.unnamed` and `status.error`. `status.session` tells whether a step
/// runs now.
void add_steps(report::RunStatus& status, const RunFacts& facts);

}  // namespace engine::cli
