// When the tasks of a plan last ran.
#pragma once

#include <map>
#include <string>

#include "cli/context.h"
#include "journal/records.h"
#include "plan/plan.h"

namespace engine::cli {

struct LastRuns {
  std::map<std::string, journal::RunRow> of;  // by the task's id; none: it never ran
  std::string unknown;                        // why the journal could not be read; "" where it was
};

/// Reads the target's journal; starts no embedded server for that. A target that does not answer
/// is no error: a list of tasks is of use without one. Throws Error{usage} where the target that
/// was asked for is none.
LastRuns last_runs(Context& context, const plan::Plan& plan);

}  // namespace engine::cli
