// Lists as parameters.
#pragma once

#include <string>
#include <vector>

namespace engine::catalog {

/// An array literal for $n::text[]: the server reads back any text.
std::string array_of(const std::vector<std::string>& texts);

}  // namespace engine::catalog
