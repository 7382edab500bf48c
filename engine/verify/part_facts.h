// More of what is said of a column, constraint, index or trigger, as facts beside what its own
// check compares.
#pragma once

#include <string>
#include <vector>

#include "verify/object_kinds.h"
#include "verify/objects.h"
#include "verify/subject.h"

namespace engine::verify {

enum class Part { column, constraint, index, trigger };

const std::vector<FactRule>& part_rules(Part part);

/// The outcome of the part's own check, and the facts together.
event::Outcome with_facts(event::Outcome outcome, const Subject& subject, Part part,
                          const std::string& name, const ExpectedFacts& expected);

}  // namespace engine::verify
