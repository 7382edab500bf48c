// A verify: every function of it runs, what each recorded is told and kept, and then the step
// stands or fails.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "event/emitter.h"
#include "runner/session/live_session.h"
#include "runner/session/run_connection.h"
#include "runner/step/job.h"

namespace engine::runner {

class Verification {
 public:
  Verification(RunConnection& link, LiveSession& session, event::Emitter& emitter, std::string step)
      : link_(link), session_(session), emitter_(emitter), step_(std::move(step)) {}

  /// Within a savepoint of the open transaction; what changed is undone by a rollback to it that
  /// waits in the queue when this returns. A `check` cannot write. A test can, and a function
  /// without a title, whose changes the next ones see until a test, an error or checks end. A check
  /// that fails, or raises, does not end it; a lost connection, an interruption and a lock conflict
  /// do.
  void run(const std::vector<plan::Check>& checks);

  const std::vector<journal::CheckRow>& rows() const { return rows_; }
  bool failed() const { return !unmet_.empty(); }
  /// Throws Error{check_failed} with everything that did not hold, expected beside actual.
  void judge() const;

 private:
  void call(const plan::Check& check);
  void keep(const plan::Check& check, event::Outcome outcome);
  void keep_failure(const plan::Check& check, const Error& error);
  void tell(const plan::Check& check, const event::Outcome& outcome, const std::string& finding);

  RunConnection& link_;
  LiveSession& session_;
  event::Emitter& emitter_;
  std::string step_;
  std::vector<journal::CheckRow> rows_;
  struct Unmet {
    std::string title;  // of the check it was made in
    std::string text;
    Source at;
  };
  std::vector<Unmet> unmet_;
  std::vector<Error> raised_;
  std::string hint_;
};

/// May a replay of the step succeed where it failed? 55P03, 40P01 and 40001.
bool is_retryable(const Error& error);

}  // namespace engine::runner
