// What the journal says of a run, held against the plan as it is now.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "journal/records.h"
#include "plan/plan.h"

namespace engine::runner {

struct Record {
  std::vector<std::optional<journal::StepRow>> rows;  // by index into Plan::steps
  std::vector<journal::StepRow> gone;                 // of steps that the plan no longer has
  std::vector<journal::FileRow> files;                // that steps read by computed names

  event::StepState status(std::size_t step) const {
    return rows[step] ? rows[step]->status : event::StepState::pending;
  }
};

Record record_of(const plan::Plan& plan, const std::vector<journal::StepRow>& steps);

enum class Change { edited, removed, added, moved };

/// What became of one step since the run executed it.
struct StepChange {
  Change change = Change::edited;
  std::optional<std::size_t> step;      // of the plan; none where it was removed
  std::optional<journal::StepRow> row;  // none where it was added
  bool stands = false;                  // it has finished, or a part of its work stands
  std::string file;                     // that it read by a computed name, where that was edited
};

/// In the plan's order, removed steps last. An added step is one that stands before a finished one;
/// whether a step behind them is new, the journal's rows do not say.
std::vector<StepChange> changes_since(const plan::Plan& plan, const Record& record);

/// The path of a file that the step read by a computed name, and that is another one now; "" where
/// there is none.
std::string edited_file(const plan::Plan& plan, const std::vector<journal::FileRow>& files,
                        const std::string& step);

/// Throws Error{edited} where a finished step was edited or removed (unless `accept_edits`), or
/// where the plan has a new step before a finished one.
void refuse_drift(const plan::Plan& plan, const Record& record, bool accept_edits);

/// A step by id or title. Throws Error{usage} naming the nearest.
std::size_t find_step(const plan::Plan& plan, const std::string& name);

}  // namespace engine::runner
