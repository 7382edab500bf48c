#include "runner/command/open_inputs.h"

#include <algorithm>

#include "journal/history.h"
#include "runner/command/record.h"
#include "runner/session/input_value.h"

namespace engine::runner {
namespace {

bool has_refused(const journal::History& history, const std::string& step) {
  const auto last = std::find_if(history.failures.rbegin(), history.failures.rend(),
                                 [&](const auto& failure) { return failure.step == step; });
  return last != history.failures.rend() && last->code == name_of(Code::refused);
}

/// Did every engine that worked on the run record which inputs its steps read?
bool is_recorded(const journal::History& history, const journal::RunRow& run) {
  for (std::int64_t epoch = 1; epoch <= run.epoch; ++epoch)
    if (history.session(epoch) == nullptr) return false;
  return true;
}

/// A step that refused counts as not begun, unless a part of its work stands.
bool counts(const journal::StepRow& row, Moment by, const journal::History& history) {
  if (by == Moment::rollback) {
    return row.status == event::StepState::rolled_back ||
           (row.status == event::StepState::rollback_failed && !has_refused(history, row.step));
  }
  return is_finished(row.status) || is_standing(row.status);
}

bool may_have_read(const journal::History& history, const journal::StepRow& row, Moment by,
                   const std::string& input) {
  const auto& reads = by == Moment::rollback ? history.read_by_rollback : history.read_by_run;
  const auto found = reads.find(row.step);
  if (found != reads.end()) return found->second.contains(input);
  // One that was cut off could not say.
  return row.status == event::StepState::intent || row.status == event::StepState::rollback_failed;
}

std::vector<const plan::Input*> answered_otherwise(const Context& context, Moment by,
                                                   const KeptInputs& kept) {
  std::vector<const plan::Input*> inputs;
  for (const plan::Input& input : context.plan.inputs) {
    const auto before = kept.values.find(input.name);
    if (before == kept.values.end() || !before->second ||
        input.at_rollback != (by == Moment::rollback))
      continue;
    const std::optional<event::Reply> reply = context.questions.known(ask_of(input));
    if (reply && canonical_value(input, reply->answer) != before->second) inputs.push_back(&input);
  }
  return inputs;
}

}  // namespace

std::set<std::string> reopen_inputs(Context& context, const journal::RunRow& run,
                                    const std::vector<journal::StepRow>& steps, Moment by,
                                    KeptInputs& kept) {
  const std::vector<const plan::Input*> inputs = answered_otherwise(context, by, kept);
  if (inputs.empty()) return {};
  std::set<std::string> open;
  const journal::History history =
      journal::read_history(context.link.connection(), context.link.journal().schema(), run.id);
  const bool refused =
      !history.failures.empty() && history.failures.back().code == name_of(Code::refused);
  if (!refused) return {};
  const bool recorded = is_recorded(history, run);
  for (const plan::Input* input : inputs) {
    const bool used = std::any_of(steps.begin(), steps.end(), [&](const journal::StepRow& row) {
      return counts(row, by, history) &&
             (!recorded || may_have_read(history, row, by, input->name));
    });
    if (used) continue;
    kept.values.erase(input->name);
    open.insert(input->name);
  }
  return open;
}

}  // namespace engine::runner
