// The plans of a folder, held against the journals of a target.
#pragma once

#include <list>
#include <string>
#include <vector>

#include "cli/context.h"
#include "cli/status_run.h"
#include "report/status_plans.h"

namespace engine::cli {

/// In the natural order of the file names; runs whose plan is not there come last. A plan that does
/// not load stops no other. Throws Error{usage} where the folder has no plan.
std::vector<report::PlanStatus> folder_status(const Context& context, const std::string& folder,
                                              std::list<StatusReader>& readers);

/// 2: a plan does not load; 3: one is applied in part; 5: one was edited or renamed since; 9: one
/// is pending; 0: all are applied.
int folder_exit(const std::vector<report::PlanStatus>& plans);

}  // namespace engine::cli
