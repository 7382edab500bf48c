// What an executor does: a step of a plan, its undoing, or a task, in the same terms.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "journal/records.h"
#include "plan/plan.h"
#include "runner/session/session.h"

namespace engine::runner {

struct Job {
  std::string id, title, phase, kind;  // kind: step, check, test, manual, task
  std::string question;                // of a manual step
  std::string confirm_name;            // what flags and answers files call its confirm
  std::string checksum;
  Source at;  // of the step, or of its rollback
  std::int64_t position = 0;
  int number = 0, of = 0;  // for people: step 3 of 7

  const plan::Predicate* when = nullptr;
  const plan::Predicate* done = nullptr;
  const plan::Question* confirm = nullptr;
  const std::vector<plan::Action>* run = nullptr;  // nullptr: nothing to do
  const std::vector<plan::Check>* verify = nullptr;
  plan::TransactionMode transaction = plan::TransactionMode::one;
  const std::map<std::string, std::string>* hints = nullptr;
  std::string lock_timeout, statement_timeout;  // "" : the plan's

  Moment moment = Moment::run;
  bool found_done = false;  // somebody had done it
  bool journaled = true;
  bool shows_rows = false;
};

Job job_of(const plan::Plan& plan, std::size_t step);
/// Of a step whose rollback is an Undo, or has nothing to run.
Job undo_of(const plan::Plan& plan, std::size_t step);
Job job_of(const plan::Task& task);

/// What doing it gave, for events and the journal.
struct Done {
  std::optional<std::int64_t> rows;
  std::int64_t ms = 0;
  std::string reason;
  std::vector<journal::CheckRow> checks;
};

journal::StepRow row_of(const Job& job, const std::string& run, event::StepState status,
                        const Done& done);

}  // namespace engine::runner
