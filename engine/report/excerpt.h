// A statement as it is shown with its failure: a few lines, and a caret under the place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace engine::report {

/// The lines of a statement around the character that the server points at (`position`, from 1; 0:
/// nowhere), with a line below it that holds a caret. Lines lose the indentation that the plan
/// gives them, and are cut to `columns`. Where a secret was redacted there is no caret: its place
/// has moved.
std::vector<std::string> excerpt(std::string_view statement, int position, std::size_t columns);

}  // namespace engine::report
