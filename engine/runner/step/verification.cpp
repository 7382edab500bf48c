#include "runner/step/verification.h"

#include "base/text.h"
#include "runner/step/missing_rights.h"

namespace engine::runner {
namespace {

constexpr const char* savepoint = "SAVEPOINT engine_verify";
constexpr const char* rollback = "ROLLBACK TO SAVEPOINT engine_verify";
// Within a subtransaction this ends with it, unlike SET TRANSACTION in the transaction itself.
constexpr const char* read_only = "SET LOCAL transaction_read_only = on";
constexpr const char* read_only_hint =
    "A check may only read, because engine verify repeats it. Use a test instead: a test may "
    "write, and is rolled back.";

bool ends_step(const Error& error) {
  return is_lost(error) || is_retryable(error) || error.code() == Code::interrupted ||
         error.code() == Code::lock_held || error.code() == Code::memory;
}

}  // namespace

bool is_retryable(const Error& error) {
  return error.sqlstate() == "55P03" || error.sqlstate() == "40P01" || error.sqlstate() == "40001";
}

void Verification::run(const std::vector<plan::Check>& checks) {
  StatementBatch& queue = link_.queue();
  queue.add_control(savepoint);
  session_.recorder({});
  // After a test, which may have written, and after an error, which leaves the transaction
  // unusable: back to where verify began. Checks in a row share one read-only subtransaction.
  bool back = false;
  bool reads_only = false;
  for (const plan::Check& check : checks) {
    const bool reads = check.kind == plan::CheckKind::check;
    if (back || (reads_only && !reads)) {
      queue.add_control(rollback);
      reads_only = false;
    }
    if (reads && !reads_only) queue.add_control(read_only);
    reads_only = reads;
    const std::size_t errors_before = raised_.size();
    call(check);
    back = check.kind == plan::CheckKind::test || raised_.size() > errors_before ||
           link_.connection().status() == db::TransactionStatus::in_error;
  }
  queue.add_control(rollback);
}

void Verification::call(const plan::Check& check) {
  const LiveSession::Call scope{session_, Moment::verify, check.kind == plan::CheckKind::test};
  session_.recorder([&](const event::Outcome& outcome) { keep(check, outcome); });
  try {
    check.function.call();
  } catch (const Error& error) {
    session_.recorder({});
    if (ends_step(error)) throw;
    keep_failure(check, error);
  }
  session_.recorder({});
}

void Verification::keep(const plan::Check& check, event::Outcome outcome) {
  if (!outcome.at) outcome.at = check.function.at;
  // An error has been said by the server; where it came from says the plan.
  if (outcome.error) outcome.error->at(outcome.at);
  tell(
      check, outcome,
      outcome.expected.empty() && outcome.actual.empty()
          ? outcome.name
          : fmt::format("{}: expected {}, got {}", outcome.name, outcome.expected, outcome.actual));
}

void Verification::keep_failure(const plan::Check& check, const Error& error) {
  raised_.push_back(error);
  if (!raised_.back().source()) raised_.back().at(check.function.at);
  const Error& raised = raised_.back();
  const std::string state =
      raised.sqlstate().empty() ? "" : fmt::format(" ({})", raised.sqlstate());
  tell(check,
       {.name = "ends without an error",
        .ok = false,
        .expected = "no error",
        .actual = raised.message(),
        .error = raised,
        .at = raised.source()},
       raised.message() + state);
}

void Verification::tell(const plan::Check& check, const event::Outcome& outcome,
                        const std::string& finding) {
  const bool wrote = outcome.error && outcome.error->sqlstate() == "25006";
  const bool refused = outcome.error && outcome.error->sqlstate() == "42501";
  const std::string hint = outcome.ok                                      ? ""
                           : wrote && check.kind == plan::CheckKind::check ? read_only_hint
                           : refused && check.hint.empty()
                               ? missing_rights(outcome.error->statement())
                               : check.hint;
  rows_.push_back({step_, check.title, outcome.name, outcome.ok, outcome.expected, outcome.actual});
  emitter_.emit(event::CheckDone{step_, check.title, outcome.name, outcome.ok, outcome.expected,
                                 outcome.actual, hint, outcome.at, outcome.error});
  if (outcome.ok) return;
  if (hint_.empty()) hint_ = hint;
  unmet_.push_back({check.title, finding, outcome.at});
}

void Verification::judge() const {
  if (!failed()) return;
  // Alone, the error itself says more than that a check failed: its SQLSTATE finds the plan's hint.
  if (unmet_.size() == 1 && raised_.size() == 1) {
    Error error = raised_.front();
    if (!hint_.empty()) error.hint(hint_);
    throw error;
  }
  Error error{Code::check_failed, "{}", unmet_.front().text};
  if (unmet_.size() > 1) {
    error = Error{Code::check_failed, "{} of {} failed", unmet_.size(),
                  text::counted(static_cast<std::int64_t>(rows_.size()), "check")};
    std::vector<std::string> lines;
    for (const Unmet& finding : unmet_) {
      std::string line = finding.at ? fmt::format("{}:{}: ", finding.at.file, finding.at.line) : "";
      if (!finding.title.empty() && !finding.text.starts_with(finding.title + ": "))
        line += finding.title + ": ";
      lines.push_back(line + finding.text);
    }
    error.detail(text::joined(lines, "\n"));
  }
  error.at(unmet_.front().at);
  if (!hint_.empty()) error.hint(hint_);
  throw error;
}

}  // namespace engine::runner
