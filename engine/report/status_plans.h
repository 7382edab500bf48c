// What `engine status FOLDER` says: the plans of a folder, held against the journal of a target.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "event/states.h"

namespace engine::report {

enum class PlanState {
  applied,
  pending,
  partly,  // some of its steps stand
  edited,
  running,
  rolling_back,
  rolled_back,
  renamed,
  unknown,  // a run whose plan is not in the folder
  broken,   // it does not load
  no_steps,
};

struct PlanStatus {
  std::string plan;  // its id; "" of a file that does not load
  std::string path;  // "" of a run whose plan is not in the folder
  PlanState state = PlanState::pending;
  std::int64_t pending = 0, of = 0;       // steps
  std::string run, started, finished;     // its latest run; "": it never ran
  std::optional<event::RunState> status;  // of that
  std::vector<std::string> edited;        // titles of steps, each with what became of it
  std::string renamed_from;               // the id that the journal knows it by
  std::optional<Error> error;             // why it does not load
};

/// A table, and below it what needs more words than a cell has.
std::string plans_text(const std::vector<PlanStatus>& plans, int width);
/// A line each.
std::string plans_json(const std::string& target, const std::vector<PlanStatus>& plans);

/// "plan 9" stands before "plan 10".
bool natural_before(const std::string& a, const std::string& b);

}  // namespace engine::report
