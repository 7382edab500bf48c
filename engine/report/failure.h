// A failure as a block of text: what, where, why, and what to type next.
#pragma once

#include <string>

#include "base/error.h"
#include "report/paint.h"

namespace engine::report {

/// What surrounds an error when it is shown; empty parts are left out.
struct FailureContext {
  std::string step;     // title of the step that failed
  std::string support;  // the plan's own advice
  std::string next;     // the command to type
  std::string undo;     // the command that undoes what stands
};

std::string failure_block(const Error& error, const FailureContext& context, const Paint& paint,
                          int width);

}  // namespace engine::report
