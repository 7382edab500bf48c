// What a plan changes in the schema, on a page: changed lines in colours, whole definitions folded.
#pragma once

#include <string>
#include <vector>

#include "event/event.h"

namespace engine::report {

/// "" where nothing changes.
std::string html_definitions(const std::vector<event::Difference>& differences);

}  // namespace engine::report
