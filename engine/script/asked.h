// The questions that a plan's functions ask by `ask`, as far as its text tells.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "event/prompter.h"
#include "script/sources.h"

namespace engine::script {

struct Asked {
  event::Ask ask;  // its name is "" where the plan computes it
  Source at;
};

/// Of the plan and its modules, in the order of the sources; each name once.
std::vector<Asked> asked_by(const Sources& sources);

/// "Remove the backup now?" is asked as remove_the_backup_now where the plan gives no name.
std::string question_name(std::string_view text);

}  // namespace engine::script
