// An answers file to fill in.
#pragma once

#include <string>

#include "runner/plan.h"

namespace engine::report {

/// A JSON object: every input and manual step of the plan with its default or null, and under
/// `_questions` what each asks. Secrets are left out: they belong in no file.
std::string answers_to_fill_in(const runner::Plan& plan);

}  // namespace engine::report
