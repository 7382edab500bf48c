// docs/reference/hazards.gen.md, printed from the rules.
#pragma once

#include <string>

namespace engine::preview {

std::string hazards_page();

}  // namespace engine::preview
