// The value of an input: typed, checked, and written in one way only.
#pragma once

#include <string>

#include "plan/plan.h"

namespace engine::runner {

/// "YES" of a boolean is "true", "007" of an integer is "7", a date is a day that exists. Throws
/// Error{usage} naming the input and what it takes.
std::string canonical_value(const plan::Input& input, const std::string& given);

}  // namespace engine::runner
