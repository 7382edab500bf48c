// How many rows of each table, and of what size, come along when only so many do.
#pragma once

#include <cstdint>
#include <vector>

namespace engine::shadow {

/// What each gets of a whole that does not suffice for all: equal parts, and what one has no use
/// for goes to the others. None gets more than it wishes.
std::vector<std::int64_t> row_budget(std::int64_t whole, const std::vector<std::int64_t>& wishes);

}  // namespace engine::shadow
