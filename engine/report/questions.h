// An answers file to fill in.
#pragma once

#include <string>
#include <vector>

#include "event/prompter.h"
#include "plan/plan.h"

namespace engine::report {

/// What `ask` is called with in the plan.
struct AskedInPlan {
  event::Ask ask;     // its name is "" where the plan computes it
  std::string place;  // "plans/add_names.lua:12"
};

/// A JSON object: every question of run, rollback and tasks with its default or null, and under
/// `_questions` what each asks. With each null replaced, nobody is asked. A secret is null, too.
std::string answers_to_fill_in(const plan::Plan& plan, const std::vector<AskedInPlan>& asked);

}  // namespace engine::report
