// Which part of a plan carries which heading and which SQL block of its guide.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.h"

namespace engine::guide {

struct Coverage {
  std::string table;                  // Markdown
  std::vector<std::string> problems;  // "line 12: nothing carries …"
};

/// `page`: the guide's text. `sources`: the plan's text and those of its SQL files.
Coverage coverage(const plan::Plan& plan, const std::string& page, const std::string& sources);

}  // namespace engine::guide
