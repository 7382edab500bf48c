#include "runner/step/retry.h"

#include <algorithm>

#include "base/text.h"
#include "runner/session/pause.h"

namespace engine::runner {
namespace {

constexpr std::chrono::milliseconds first_pause{100};
constexpr std::chrono::milliseconds longest_pause{10000};

}  // namespace

event::Retry RetryBudget::next(const std::string& step, const Error& error,
                               const std::vector<std::string>& blockers) {
  const int doublings = std::min(attempt_, 10);
  const std::chrono::milliseconds length =
      jittered(std::min(first_pause * (1 << doublings), longest_pause));
  ++attempt_;
  if (watch_.elapsed() + length <= budget_) {
    return {step, error.sqlstate(), attempt_, length.count(), blockers};
  }
  if (error.sqlstate() != "55P03") throw error;
  Error given_up{Code::lock_timeout, "a lock was not granted in {} within {}",
                 text::counted(attempt_, "attempt"), time::duration(watch_.elapsed())};
  given_up.sqlstate(error.sqlstate()).statement(error.statement()).at(error.source());
  if (!blockers.empty()) given_up.detail("blocked by " + text::joined(blockers, "; "));
  throw given_up.hint("Wait until the blocking session ends, or end it. Then run again.");
}

}  // namespace engine::runner
