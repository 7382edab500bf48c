#include "runner/verification.h"

#include "base/text.h"

namespace engine::runner {
namespace {

constexpr const char* savepoint = "SAVEPOINT engine_verify";
constexpr const char* rollback = "ROLLBACK TO SAVEPOINT engine_verify";

bool ends_step(const Error& error) {
  return is_lost(error) || is_retryable(error) || error.code() == Code::interrupted ||
         error.code() == Code::lock_held || error.code() == Code::memory;
}

}  // namespace

bool is_retryable(const Error& error) {
  return error.sqlstate() == "55P03" || error.sqlstate() == "40P01" || error.sqlstate() == "40001";
}

void Verification::run(const std::vector<Check>& checks) {
  Queue& queue = link_.queue();
  queue.add(savepoint);
  session_.recorder({});
  bool dirty = false;
  for (const Check& check : checks) {
    // A test may have written, and an error leaves the transaction unusable: back to where verify
    // began.
    if (dirty) queue.add(rollback);
    const std::size_t errors_before = raised_.size();
    call(check);
    dirty = check.kind == CheckKind::test || raised_.size() > errors_before ||
            link_.connection().status() == db::TransactionStatus::in_error;
  }
  queue.add(rollback);
}

void Verification::call(const Check& check) {
  const LiveSession::Call scope{session_, Moment::verify, check.kind == CheckKind::test};
  session_.recorder([&](const verify::Outcome& outcome) { keep(check, outcome); });
  try {
    check.function.call();
  } catch (const Error& error) {
    session_.recorder({});
    if (ends_step(error)) throw;
    raised_.push_back(error);
    keep(check, {check.title.empty() ? "verify ends without an error" : check.title, false,
                 "no error", error.message()});
  }
  session_.recorder({});
}

void Verification::keep(const Check& check, const verify::Outcome& outcome) {
  const std::string hint = outcome.ok ? "" : check.hint;
  rows_.push_back({step_, check.title, outcome.name, outcome.ok, outcome.expected, outcome.actual});
  emitter_.emit(CheckDone{step_, check.title, outcome.name, outcome.ok, outcome.expected,
                          outcome.actual, hint});
  if (outcome.ok) return;
  ++failures_;
  if (hint_.empty()) hint_ = hint;
  findings_.push_back(
      outcome.expected.empty() && outcome.actual.empty()
          ? outcome.name
          : fmt::format("{}: expected {}, got {}", outcome.name, outcome.expected, outcome.actual));
}

void Verification::judge() const {
  if (!failed()) return;
  // Alone, the error itself says more than that a check failed: its SQLSTATE finds the plan's hint.
  if (failures_ == 1 && raised_.size() == 1) {
    Error error = raised_.front();
    if (!hint_.empty()) error.hint(hint_);
    throw error;
  }
  Error error{Code::check_failed, "{} of {} did not hold", failures_,
              text::counted(static_cast<std::int64_t>(rows_.size()), "check")};
  if (failures_ == 1) error = Error{Code::check_failed, "{}", findings_.front()};
  if (failures_ > 1) error.detail(text::joined(findings_, "\n"));
  if (!hint_.empty()) error.hint(hint_);
  throw error;
}

}  // namespace engine::runner
