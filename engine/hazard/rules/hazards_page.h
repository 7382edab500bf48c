// docs/reference/hazards.gen.md, printed from the rules.
#pragma once

#include <string>

namespace engine::hazard {

std::string hazards_page();

}  // namespace engine::hazard
