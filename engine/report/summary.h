// How a run ended, in one sentence.
#pragma once

#include <string>

#include "event/event.h"
#include "report/paint.h"

namespace engine::report {

std::string_view heading_of(event::Mode mode);  // "Run", "Rollback" …

/// "Failed in 152 ms: 1 step done, 1 failed; the finished steps are kept"
std::string summary(const event::RunFinished& finished, event::Mode mode, const Paint& paint,
                    int width);

}  // namespace engine::report
