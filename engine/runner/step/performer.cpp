#include "runner/step/performer.h"

#include "base/interrupt.h"
#include "base/text.h"
#include "base/time.h"
#include "runner/session/pause.h"
#include "runner/step/grammar.h"
#include "runner/step/missing_rights.h"
#include "runner/step/nontransactional_statements.h"
#include "runner/step/retry.h"
#include "runner/step/verification.h"

namespace engine::runner {
namespace {

bool is_final(event::StepState status, const Job& job) {
  if (job.moment == Moment::rollback) return status == event::StepState::rolled_back;
  return is_finished(status);
}

// A refusal or an interruption says nothing about the step itself.
bool is_failure(const Error& error) {
  switch (error.code()) {
    case Code::answer_no:
    case Code::answer_missing:
    case Code::ended:
    case Code::failover:
    case Code::interrupted:
    case Code::lock_held:
    case Code::refused:
    case Code::unapproved:
    case Code::waiting:
      return false;
    default:
      return true;
  }
}

void extend_hint(Error& error, const std::string& more) {
  error.hint(error.hint().empty() ? more : error.hint() + " " + more);
}

event::StepStatus told_status(const Item& item) {
  if (item.status == event::StepState::skipped) return event::StepStatus::skipped;
  if (item.status == event::StepState::rolled_back) return event::StepStatus::rolled_back;
  return event::StepStatus::done;
}

}  // namespace

void add_hint(Error& error, const plan::Plan& plan, const Job& job) {
  if (error.sqlstate().empty()) return;
  if (job.hints != nullptr) {
    if (const auto found = job.hints->find(error.sqlstate()); found != job.hints->end()) {
      error.hint(found->second);
      return;
    }
  }
  if (const auto found = plan.hints.find(error.sqlstate()); found != plan.hints.end()) {
    error.hint(found->second);
    return;
  }
  if (error.sqlstate() == "42501" && error.hint().empty())
    error.hint(missing_rights(error.statement()));
  if (error.sqlstate() == "42601" && error.hint().empty())
    error.hint(instead_of_psql_variable(error.message()));
  // 2D000: COMMIT or ROLLBACK in DO or a procedure; 25001: VACUUM and its like, called by a
  // function.
  const bool wants_none = error.sqlstate() == "2D000" || error.sqlstate() == "25001";
  if (wants_none && job.transaction == plan::TransactionMode::one && error.hint().empty()) {
    error.hint(
        fmt::format("{} \"{}\" is one transaction, and only the engine may end it. Set transaction "
                    "= \"none\", or remove COMMIT and ROLLBACK from its SQL.",
                    job.kind == "task" ? "Task" : "Step", job.title));
  }
}

void Performer::perform(std::vector<Item> unit) {
  RetryBudget budget{context_.options.retry_budget};
  const time::Stopwatch watch;
  const auto waited_before = context_.questions.waited();
  budget_ = &budget;
  losses_ = 0;
  lost_.reset();
  committed_unknown_ = false;
  context_.waited = {};
  context_.under_way.clear();
  context_.worked_outside = context_.outside_work_lost = false;
  for (Item& item : unit) {
    context_.under_way.insert(item.job.id);
    item.kept_state = context_.session.state();
    const Job& job = item.job;
    context_.emitter.emit(
        event::StepStarted{job.id, job.title, job.phase, job.kind, job.number, job.of});
  }
  try {
    while (!tried(unit)) {
    }
  } catch (Error& error) {
    const auto waited = context_.questions.waited() - waited_before;
    unit[current_].done.ms = (watch.elapsed() - waited).count();
    fail(unit, error);
    throw;
  }
  for (const Item& item : unit) finish(item);
  context_.under_way.clear();
  context_.worked_outside = false;
  context_.link.refuse_ended();
}

// True where it has committed; false: it is to be tried again.
bool Performer::tried(std::vector<Item>& unit) {
  try {
    if (lost_) {
      context_.reconnect(*lost_);
      if (committed_after_all(unit)) return true;
      context_.link.refuse_ended();
      lost_.reset();
    }
    current_ = 0;
    attempt(unit);
    return true;
  } catch (const Error& error) {
    recover(unit, error);
    return false;
  }
}

void Performer::attempt(std::vector<Item>& unit) {
  if (unit.front().atomic) {
    ask_confirms(unit);
    commit_together(context_, unit, current_);
  } else {
    attempt_alone(unit.front());
  }
}

void Performer::attempt_alone(Item& item) {
  context_.session.at_step(item.job.id);
  if (!is_open(item)) return;
  if (!item.job.question.empty() && item.job.moment == Moment::run) return attempt_manual(item);
  // Asking was not a statement of its work.
  context_.session.at_step(item.job.id);
  if (item.job.transaction == plan::TransactionMode::one) {
    commit_together(context_, {&item, 1}, current_);
  } else {
    work_outside(context_, item);
  }
}

void Performer::skip(Item& item, const std::string& reason) {
  if (RunGuard* const witness = context_.host.witness) witness->allow_skip(item.job.id, reason);
  item.status = after(item.before, StepEvent::was_skipped);
  item.done.reason = reason;
  if (!item.job.journaled) return;
  context_.link.add_begin();
  context_.link.add_fence();
  context_.add_record(item.job, item.status, item.done);
  context_.add_commit();
  context_.flush();
  context_.recorded();
}

void Performer::attempt_manual(Item& item) {
  const Job& job = item.job;
  const std::string answer =
      context_.questions.answer({job.id, job.question, event::Ask::Kind::manual, {}, std::nullopt});
  if (answer == "done") return commit_together(context_, {&item, 1}, current_);
  if (answer == "skip") return skip(item, "skipped by the operator");
  if (answer == "later") throw Error{Code::waiting, "{} waits for the operator", job.title};
  throw Error{Code::check_failed, "{} was answered failed", job.title};
}

bool Performer::is_open(Item& item) {
  Job& job = item.job;
  if (item.work_stands) return true;
  const bool begun = item.before == event::StepState::intent;
  Reading reading{context_, job};
  if (!begun && job.when != nullptr && *job.when) {
    const plan::Condition wanted = reading.ask(Moment::when, [&] { return (*job.when)(); });
    if (!wanted.holds) {
      reading.end();
      skip(item, wanted.reason);
      return false;
    }
  }
  if (job.done != nullptr && *job.done) {
    const plan::Condition found = reading.ask(Moment::when, [&] { return (*job.done)(); });
    if (found.holds && is_whole(item, reading)) {
      item.reason = found.reason.empty() ? "found done" : found.reason;
      // Begun by this run, it is this run's work.
      if (!begun) job.found_done = true;
      job.run = nullptr;
      item.work_stands = true;
      return true;
    }
  }
  if (!begun && job.confirm != nullptr && *job.confirm) {
    const std::optional<std::string> text =
        reading.ask(Moment::confirm, [&] { return (*job.confirm)(); });
    if (text && !context_.questions.remembers(job.confirm_name)) {
      reading.end();
      context_.questions.confirm(job.confirm_name, *text);
    }
  }
  return true;
}

// A `done` that looks for an index by name takes an INVALID one for it.
bool Performer::is_whole(Item& item, Reading& reading) {
  if (item.before != event::StepState::intent || item.job.transaction == plan::TransactionMode::one)
    return true;
  reading.end();
  const std::vector<std::string> left = unfinished_of(context_, item);
  if (left.empty()) return true;
  context_.session.note(
      fmt::format("`done` is true, but {}: the step continues", text::joined(left, "; ")));
  return false;
}

// Is there anything to do, as far as can be told before its transaction?
bool Performer::is_due(const Job& job) {
  if (job.confirm == nullptr || !*job.confirm) return true;
  context_.session.at_step(job.id);
  Reading reading{context_, job};
  const auto holds = [&](const plan::Predicate& predicate) {
    return reading.ask(Moment::when, [&] { return predicate(); }).holds;
  };
  const bool due = (job.when == nullptr || !*job.when || holds(*job.when)) &&
                   (job.done == nullptr || !*job.done || !holds(*job.done));
  reading.end();
  return due;
}

// Questions of an atomic unit come first: no transaction is open while a person thinks.
void Performer::ask_confirms(std::vector<Item>& unit) {
  for (Item& item : unit) {
    const Job& job = item.job;
    // What later ones find depends on the work of this one.
    if (&item == &unit.front() && !is_due(job)) continue;
    if (job.confirm == nullptr || !*job.confirm || context_.questions.remembers(job.confirm_name))
      continue;
    context_.session.at_step(job.id);
    Reading reading{context_, job};
    const std::optional<std::string> text =
        reading.ask(Moment::confirm, [&] { return (*job.confirm)(); });
    reading.end();
    if (text) context_.questions.confirm(job.confirm_name, *text);
  }
}

void Performer::recover(std::vector<Item>& unit, const Error& error) {
  if (error.code() == Code::interrupted) throw error;
  if (interrupt::requested()) throw Error{Code::interrupted, "interrupted"};
  RunConnection& link = context_.link;
  const bool lost = is_lost(error) || !link.alive();
  if (!lost && !is_retryable(error)) throw error;
  context_.session.set_state(unit.front().kept_state);
  if (lost) {
    committed_unknown_ = true;
    // Of a reconnection that failed the budget is spent.
    if (!unit.front().job.journaled || link.gave_up() || ++losses_ > reconnections) throw error;
    for (Item& item : unit) item.session_is_new = item.cut_off = true;
    lost_ = error;
    return;
  }
  link.abandon();
  const event::Retry retry = budget_->next(unit[current_].job.id, error, context_.blockers);
  context_.retried.push_back(error);
  context_.emitter.emit(retry);
  pause(std::chrono::milliseconds{retry.pause_ms});
  context_.waited += std::chrono::milliseconds{retry.pause_ms};
}

// What the journal says of the unit, and of the state that its commit left, is what happened.
bool Performer::committed_after_all(std::vector<Item>& unit) {
  const journal::Journal& journal = context_.link.journal();
  std::size_t final = 0;
  for (const journal::StepRow& row : journal.steps(context_.link.run())) {
    for (Item& item : unit) {
      if (row.step != item.job.id) continue;
      item.before = row.status;
      if (!is_final(row.status, item.job)) continue;
      item.status = row.status;
      if (item.done.rows || row.rows > 0) item.done.rows = row.rows;
      item.done.ms = row.ms;
      item.done.reason = row.reason;
      ++final;
    }
  }
  const bool committed = final == unit.size();
  if (committed) {
    if (const auto run = journal.run(context_.link.run())) context_.session.set_state(run->state);
    context_.recorded();
  }
  committed_unknown_ = false;
  return committed;
}

void Performer::finish(const Item& item) {
  context_.unfinished.erase(item.job.id);
  if (item.status == event::StepState::rolled_back) {
    context_.standing.erase(item.job.id);
    context_.undone.insert(item.job.id);
  } else if (item.status != event::StepState::skipped && item.job.journaled) {
    context_.standing.insert(item.job.id);
  }
  context_.emitter.emit(event::StepFinished{item.job.id, item.job.title, item.job.phase,
                                            told_status(item), item.done.ms, item.done.rows,
                                            item.done.reason, std::nullopt});
}

void Performer::fail(std::vector<Item>& unit, Error& error) {
  Item& item = unit[current_];
  add_hint(error, context_.plan, item.job);
  const StepEvent what = failure_of(item, error.code());
  // After a failover the journal that was read is the one that counts.
  const bool outcome_known =
      (!committed_unknown_ && !is_lost(error)) || error.code() == Code::failover;
  if (!outcome_known && item.job.journaled) {
    extend_hint(error,
                "The engine does not know whether the step committed. The same command finds out.");
  }
  const bool repeated =
      item.job.transaction != plan::TransactionMode::one && (item.resumed || losses_ > 0);
  if (repeated && !item.work_stands && item.job.moment == Moment::run && is_failure(error)) {
    const std::string& arguments = context_.options.arguments;
    extend_hint(
        error,
        fmt::format(
            "An earlier attempt of this step was interrupted or failed, and a part of its work is "
            "still in the database. Undo it (engine rollback {}), give the step a `done`, or "
            "finish it by hand and record that (engine resolve {} \"{}\" --done, or --undone).",
            arguments, arguments, item.job.id));
  }
  if (outcome_known && what == StepEvent::undo_failed && is_failure(error)) {
    extend_hint(error, fmt::format("Correct the cause and roll back again. Or undo the step by "
                                   "hand and record that: engine resolve {} \"{}\" --undone.",
                                   context_.options.arguments, item.job.id));
  }
  // What follows must get through although the operator has asked to stop, where something answers.
  if (error.code() == Code::interrupted) context_.link.hurry();
  interrupt::clear();
  context_.link.abandon();
  if (item.job.transaction != plan::TransactionMode::one) context_.link.restore_settings();
  context_.emitter.emit(event::StepFinished{
      item.job.id, item.job.title, item.job.phase,
      error.code() == Code::waiting ? event::StepStatus::waiting : event::StepStatus::failed,
      item.done.ms, std::nullopt, item.done.reason, error});
  if (!item.job.journaled) return;
  if (what == StepEvent::verify_failed || what == StepEvent::was_cut_off) {
    context_.standing.insert(item.job.id);
    context_.unfinished.insert(item.job.id);
  }
  record_failure(item, error, what, outcome_known);
}

// A step that failed outside a transaction keeps its intent, since a part of it may stand.
// A row that may say done is left as it is. "unverified" may replace even that: what it stands for
// has happened, and verifying it twice loses nothing.
void Performer::record_failure(Item& item, const Error& error, StepEvent what, bool outcome_known) {
  journal::Journal& journal = context_.link.journal();
  item.done.reason = error.message();
  const bool is_told = outcome_known || what == StepEvent::verify_failed;
  std::optional<event::StepState> status;
  if (what == StepEvent::waits || ((is_failure(error) || item.left_nothing) && is_told))
    status = after(item.before, what);
  const journal::StepRow row =
      row_of(item.job, context_.link.run(), status.value_or(item.before), item.done);
  std::vector<db::Command> commands;
  if (status) {
    commands.push_back(journal.record_step(row));
    if (context_.announcement) commands.push_back(*context_.announcement);
  }
  for (const Error& retried : context_.retried) {
    commands.push_back(
        journal.record_attempt(row, "retried", retried.sqlstate(), retried.message()));
  }
  if (error.code() != Code::waiting) {
    commands.push_back(journal.record_attempt(row, std::string{name_of(error.code())},
                                              error.sqlstate(), error.message()));
  }
  // Who ended the session said nothing of what was checked: the next attempt checks it again.
  if (!item.done.checks.empty() && error.code() != Code::ended)
    commands.push_back(journal.record_checks(context_.link.run(), item.done.checks));
  for (const Questions::Given& given : context_.questions.unrecorded()) {
    commands.push_back(
        journal.record_answer(context_.link.run(), given.name, given.answer, given.source));
  }
  try {
    if (!commands.empty()) context_.write(commands);
    context_.questions.recorded();
  } catch (const Error&) {
    // Without the journal the step is what it was: the error that is on its way says what matters.
  }
}

}  // namespace engine::runner
