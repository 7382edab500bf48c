// Steps that commit together: one, or all of an atomic phase or plan.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runner/session/context.h"
#include "runner/step/intent.h"
#include "runner/step/state.h"

namespace engine::runner {

/// A job on its way.
struct Item {
  Job job;
  event::StepState before = event::StepState::pending;  // what the journal said
  event::StepState status = event::StepState::pending;  // what it says now
  std::string reason;                                   // why it was found done
  Done done;

  std::string kept_state;  // of the plan, that a replay begins with
  bool atomic = false;
  bool edited = false;  // since what `before` says was written

  // Outside a transaction: what is not repeated when the connection was lost, or a lock was not
  // had.
  std::size_t finished_pieces = 0;
  bool resumed = false;             // an earlier command began it, and how far it came is not known
  std::optional<History> history;   // nothing: not read from the journal yet
  std::map<std::string, int> sent;  // how often finished pieces sent each text, by its hash
  bool work_stands = false;         // go on at verify
  bool begun = false;               // by this command
  bool cut_off = false;             // an attempt of this command, by a lost connection
  bool left_nothing = false;        // the error that ended it came before anything changed
  bool session_is_new = false;      // what the finished pieces have SET is gone
  bool partly = false;              // by this attempt: not all of its rows are counted
  Done earlier;                     // of the work that stands
};

/// What the failure of a try means for its step. `code`: of the error.
StepEvent failure_of(const Item& item, Code code);

/// One try: from BEGIN to COMMIT. `when` of an atomic unit is asked inside. Throws what goes wrong,
/// with the transaction still open; `current` then tells whose fault it was.
void commit_together(Context& context, std::span<Item> items, std::size_t& current);

/// For work that cannot run in a transaction: intent, pieces one by one, verification, row.
void work_outside(Context& context, Item& item);

}  // namespace engine::runner
