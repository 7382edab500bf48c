// What rules of other tools are called here, for those who come from them.
#pragma once

#include <span>

namespace engine::hazard {

struct ToolRule {
  const char* tool;
  const char* rule;
  const char* ours;     // ids, separated by blanks; "": none
  const char* instead;  // what the engine does about it, where there is none
};

std::span<const ToolRule> tool_rules();

}  // namespace engine::hazard
