// A failure as a block of text: what, where, why, and what to type next.
#pragma once

#include <string>

#include "base/error.h"
#include "report/paint.h"

namespace engine::report {

/// What surrounds an error when it is shown; empty parts are left out.
struct FailureContext {
  std::string step;     // title of the step that failed
  std::string check;    // of the check that failed, where it was one alone
  std::string support;  // the plan's own advice
  std::string next;     // the command to type
  std::string undo;     // the command that undoes what stands
};

/// Where, statement, the server's words and the hint: what stands below the message.
std::string failure_details(const Error& error, std::size_t indent, const Paint& paint, int width);

/// Support, and what to type.
std::string failure_advice(const FailureContext& context, int width);

/// Everything, for an error that nothing has shown yet.
std::string failure_block(const Error& error, const FailureContext& context, const Paint& paint,
                          int width);

/// For an error that stands above in full: which step, where, and what to type.
std::string failure_pointer(const Error& error, const FailureContext& context, const Paint& paint,
                            int width);

}  // namespace engine::report
