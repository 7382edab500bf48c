// Inputs that a run which goes on may be given another value for.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "journal/records.h"
#include "runner/session/context.h"

namespace engine::runner {

/// A plan that refused to go on asked for another value (`--set limit=500`). Where the command
/// before ended so, takes those inputs out of `kept` that are answered otherwise now and that no
/// step whose work stands has read: nothing was done by the old value. `by`: Moment::run, or
/// Moment::rollback, where the steps that count are those that are undone. Gives their names.
std::set<std::string> reopen_inputs(Context& context, const journal::RunRow& run,
                                    const std::vector<journal::StepRow>& steps, Moment by,
                                    KeptInputs& kept);

}  // namespace engine::runner
