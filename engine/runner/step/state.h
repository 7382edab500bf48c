// What becomes of a step in the journal: its state, by what happened to it.
#pragma once

#include <optional>

#include "event/states.h"

namespace engine::runner {

enum class StepEvent {
  began,          // work outside a transaction is about to be sent
  committed,      // with its verification
  was_found,      // by its `done`: somebody had done it
  was_skipped,    // by its `when`, or by the operator
  failed,         // and nothing of it stands
  was_cut_off,    // outside a transaction: a part of it may stand
  verify_failed,  // outside a transaction: its work stands
  waits,          // the operator answered "later"
  was_undone,
  undo_failed,
  was_told_done,  // engine resolve
  was_told_undone,
};

/// Nothing where that cannot happen to a step in this state.
std::optional<event::StepState> next(event::StepState state, StepEvent event);

/// The same where it has happened. Throws Error{internal} where it cannot have.
event::StepState after(event::StepState state, StepEvent event);

}  // namespace engine::runner
