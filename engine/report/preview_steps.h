// The steps of a preview with their statements, folded to a line each.
#pragma once

#include <string>
#include <vector>

#include "event/event.h"
#include "report/paint.h"

namespace engine::report {

/// Of a step what it changed, in order, and below each statement what it did besides what it says.
/// Reads are left out, and what a check or a test wrote, since it was taken back.
std::string steps_with_statements(const std::vector<event::StepStarted>& steps,
                                  const std::vector<event::StatementTraced>& traces,
                                  const Paint& paint, int width);

}  // namespace engine::report
