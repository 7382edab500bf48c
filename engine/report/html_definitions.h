// What a plan changes in the schema, on a page: changed lines in colours, whole definitions folded.
#pragma once

#include <string>
#include <vector>

#include "runner/event.h"

namespace engine::report {

/// "" where nothing changes.
std::string html_definitions(const std::vector<runner::Difference>& differences);

}  // namespace engine::report
