// The steps of a run, each with its outcome, its errors and what was edited since.
#pragma once

#include <string>

#include "report/paint.h"
#include "report/status.h"

namespace engine::report {

/// An outcome that has no room beside its title stands below it.
std::string status_steps(const RunStatus& status, const Paint& paint, int width);

}  // namespace engine::report
