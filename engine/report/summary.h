// How a run ended, in one sentence.
#pragma once

#include <string>

#include "report/paint.h"
#include "runner/event.h"

namespace engine::report {

std::string_view heading_of(runner::Mode mode);  // "Run", "Rollback" …

/// "Failed in 152 ms: 1 step done, 1 failed; the finished steps stand"
std::string summary(const runner::RunFinished& finished, runner::Mode mode, const Paint& paint,
                    int width);

}  // namespace engine::report
