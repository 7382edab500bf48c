#include "cli/status_steps.h"

#include <algorithm>

#include "cli/plan_changes.h"
#include "runner/command/record.h"
#include "script/step_texts.h"

namespace engine::cli {
namespace {

using journal::StepRow;
using report::StatusStep;

/// How much of a step stands, where its status leaves that open. With its plan the transaction mode
/// is known.
std::string what_stands(const StepRow& row, const plan::Step* step, bool rolling_back) {
  const bool outside = step == nullptr || step->transaction != plan::TransactionMode::one;
  if (row.status == event::StepState::intent)
    return "The step began outside a transaction and was interrupted. What it did until then is "
           "still in the database.";
  if (row.status == event::StepState::unverified)
    return "Its work is in the database. Its verification has not passed.";
  if (row.status == event::StepState::rollback_failed) {
    if (step == nullptr)
      return "Its rollback did not finish. Its work is still in the database; if the rollback runs "
             "outside a transaction, a part may be undone.";
    return outside
               ? "Its rollback runs outside a transaction and was interrupted. A part of its work "
                 "is undone."
               : "Its rollback was itself rolled back. All of its work is still in the database.";
  }
  if (row.status == event::StepState::failed) return "Nothing of it is in the database.";
  if (rolling_back && event::is_standing(row.status))
    return "It is not undone yet. Its work is still in the database.";
  return "";
}

StatusStep step_of(const StepRow& row) {
  StatusStep step;
  step.id = row.step;
  step.title = row.title;
  step.status = row.status;
  step.at = row.finished_at;
  step.ms = row.ms;
  step.rows = row.rows;
  step.reason = row.reason;
  return step;
}

StatusStep pending(const std::string& id, const std::string& title) {
  StatusStep step;
  step.id = id;
  step.title = title;
  return step;
}

class Steps {
 public:
  Steps(report::RunStatus& status, const RunFacts& facts) : status_(status), facts_(facts) {}

  void add() {
    if (facts_.plan != nullptr) {
      by_plan();
    } else {
      by_journal();
    }
    mark_running();
    for (StatusStep& step : status_.steps) add_attempts(step);
    add_failures();
  }

 private:
  bool rolling_back() const { return facts_.run.status == event::RunState::rolling_back; }

  void by_plan() {
    const plan::Plan& plan = *facts_.plan;
    const runner::Record record = runner::record_of(plan, facts_.rows);
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      const plan::Step& step = plan.steps[i];
      const auto& row = record.rows[i];
      status_.steps.push_back(row ? step_of(*row) : pending(step.id, step.title));
      status_.steps.back().title = step.title;
      if (row) status_.steps.back().stands = what_stands(*row, &step, rolling_back());
    }
    for (const StepRow& row : record.gone) {
      status_.steps.push_back(step_of(row));
      status_.steps.back().stands = what_stands(row, nullptr, rolling_back());
    }
    for (PlanChange& change : plan_changes(plan, record, facts_.history))
      if (StatusStep* step = find(change.step)) step->changes.push_back(std::move(change.change));
  }

  void by_journal() {
    for (const StepRow& row : facts_.rows) {
      status_.steps.push_back(step_of(row));
      status_.steps.back().stands = what_stands(row, nullptr, rolling_back());
    }
    if (!facts_.run.steps || facts_.run.status == event::RunState::rolled_back) return;
    std::int64_t missing = *facts_.run.steps - static_cast<std::int64_t>(facts_.rows.size());
    if (missing <= 0) return;
    // The text that ran names its steps, unless it computes their titles.
    std::vector<StatusStep> named;
    if (!facts_.history.texts.empty()) {
      for (const script::StepText& text :
           script::step_texts(facts_.history.texts.front().source).steps) {
        const bool has_row =
            std::any_of(facts_.rows.begin(), facts_.rows.end(),
                        [&](const StepRow& row) { return row.title == text.title; });
        if (!has_row) named.push_back(pending("", text.title));
      }
    }
    if (static_cast<std::int64_t>(named.size()) == missing) {
      std::move(named.begin(), named.end(), std::back_inserter(status_.steps));
      missing = 0;
    }
    status_.unnamed = missing;
  }

  /// Where an engine works, or its session stands, the first step that has not finished is the one.
  void mark_running() {
    if (!status_.session || status_.session->orphan) return;
    if (rolling_back()) return mark_undoing();
    const auto step =
        std::find_if(status_.steps.begin(), status_.steps.end(),
                     [](const StatusStep& each) { return !event::is_finished(each.status); });
    if (step == status_.steps.end()) return;
    if (step->status != event::StepState::intent) step->at = since_when();
    step->running = true;
    step->stands.clear();
  }

  /// A rollback works from the last step to the first.
  void mark_undoing() {
    const auto step =
        std::find_if(status_.steps.rbegin(), status_.steps.rend(),
                     [](const StatusStep& each) { return event::is_standing(each.status); });
    if (step == status_.steps.rend()) return;
    step->at = since_when();
    step->running = true;
    step->stands = "It is being undone.";
  }

  /// The step before it ended then.
  std::string since_when() const {
    std::string at = facts_.run.started_at;
    for (const StepRow& row : facts_.rows)
      if (event::is_finished(row.status) || row.status == event::StepState::rolled_back)
        at = std::max(at, row.finished_at);
    for (const journal::SessionRow& session : facts_.history.sessions)
      at = std::max(at, session.at);
    return at;
  }

  void add_attempts(StatusStep& step) const {
    for (const journal::AttemptRow& row : facts_.history.attempts) {
      if (row.step != step.id) continue;
      step.attempts.push_back({row.at, row.outcome, row.sqlstate, row.message, row.ms});
    }
  }

  /// The last failure belongs to its step, unless that has finished since. Of a run that an older
  /// engine recorded, the attempts have what there is.
  void add_failures() {
    for (const journal::FailureRow& row : facts_.history.failures) {
      StatusStep* step = find(row.step);
      if (step != nullptr && !settled(*step, row.at)) {
        step->error = row.error;
        step->code = row.code;
      } else if (&row == &facts_.history.failures.back() && ended_badly()) {
        status_.error = row.error;
        status_.code = row.code;
      }
    }
    for (StatusStep& step : status_.steps) {
      if (step.error || step.attempts.empty() || settled(step, step.attempts.back().at)) continue;
      const report::StatusAttempt& last = step.attempts.back();
      step.code = last.outcome;
      step.error = Error{Code::sql, last.message}.sqlstate(last.sqlstate);
    }
  }

  bool ended_badly() const {
    const event::RunState status = facts_.run.status;
    return status == event::RunState::failed || status == event::RunState::stopped ||
           status == event::RunState::rolling_back;
  }

  /// Has it ended well after that?
  static bool settled(const StatusStep& step, const std::string& failed_at) {
    return !step.running &&
           (event::is_finished(step.status) || step.status == event::StepState::rolled_back) &&
           step.at >= failed_at;
  }

  StatusStep* find(const std::string& id) {
    const auto found =
        std::find_if(status_.steps.begin(), status_.steps.end(), [&](const StatusStep& step) {
          return !id.empty() && (step.id == id || (step.id.empty() && step.title == id));
        });
    return found == status_.steps.end() ? nullptr : &*found;
  }

  report::RunStatus& status_;
  const RunFacts& facts_;
};

}  // namespace

void add_steps(report::RunStatus& status, const RunFacts& facts) { Steps{status, facts}.add(); }

}  // namespace engine::cli
