// How often, and with which pauses, a step that met a lock or a conflict is tried again.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "event/event.h"

namespace engine::runner {

class RetryBudget {
 public:
  explicit RetryBudget(std::chrono::milliseconds budget) : budget_(budget) {}

  /// What to tell before the pause that the next try takes. Where the budget is spent it throws:
  /// Error{lock_timeout} naming the blockers for a lock, else the error itself.
  event::Retry next(const std::string& step, const Error& error,
                    const std::vector<std::string>& blockers);

 private:
  std::chrono::milliseconds budget_;
  time::Stopwatch watch_;
  int attempt_ = 0;
};

}  // namespace engine::runner
