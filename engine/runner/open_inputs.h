// Inputs that a run which goes on may be given another value for.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "journal/records.h"
#include "runner/context.h"

namespace engine::runner {

/// Takes those out of `kept` that are answered otherwise now, where no step whose work stands has
/// read them: nothing was done by the old value, so the new one is taken. A plan that refuses to go
/// on asks for such a value (`--set limit=500`). `by`: Moment::run, or Moment::rollback, where the
/// steps that count are those that are undone. Gives their names.
std::set<std::string> reopen_inputs(Context& context, const journal::RunRow& run,
                                    const std::vector<journal::StepRow>& steps, Moment by,
                                    KeptInputs& kept);

}  // namespace engine::runner
