// The states that the journal, the events and the commands name. They are text only where the
// journal and JSON are read and written.
#pragma once

#include <optional>
#include <string_view>

namespace engine::event {

/// Of a step in a run. `pending`: the journal has no row of it.
enum class StepState {
  pending,
  intent,  // work outside a transaction has begun, and is not known to have ended
  done,
  found_done,
  skipped,
  failed,
  unverified,  // its work stands, its verification has not passed
  waiting,     // for the operator
  rolled_back,
  rollback_failed,
};

enum class RunState { running, done, failed, waiting, stopped, rolling_back, rolled_back };

/// How a step ended in this command.
enum class StepStatus { done, skipped, failed, rolled_back, waiting };

/// How a command ended.
enum class Ending {
  done,
  nothing_to_do,
  rolled_back,
  failed,
  refused,
  waiting,
  interrupted,
  blocked,  // of a preview
};

/// Of a hazard, in rising order.
enum class Severity { info, warning, danger };

/// How a hazard is known.
enum class Evidence { proved, estimated, assumed, unrehearsable };

/// Of a preview, in rising order.
enum class VerdictKind { clean, attention, blocked };

std::string_view name_of(StepState state);  // "found_done"
std::string_view name_of(RunState state);
std::string_view name_of(StepStatus status);
std::string_view name_of(Ending ending);
std::string_view name_of(Severity severity);
std::string_view name_of(Evidence evidence);
std::string_view name_of(VerdictKind verdict);

/// Of a name in the journal. Throws Error{internal} for one that no version of the engine wrote.
StepState step_state(std::string_view name);
RunState run_state(std::string_view name);
/// Of a saved preview; nothing where it says none.
std::optional<VerdictKind> verdict_of(std::string_view name);

/// By this run, or by somebody else.
constexpr bool is_done(StepState state) {
  return state == StepState::done || state == StepState::found_done;
}

/// done, found_done or skipped: final for its run.
constexpr bool is_finished(StepState state) {
  return is_done(state) || state == StepState::skipped;
}

/// Is work of such a step in the database?
constexpr bool is_standing(StepState state) {
  return is_done(state) || state == StepState::intent || state == StepState::unverified ||
         state == StepState::rollback_failed;
}

}  // namespace engine::event
