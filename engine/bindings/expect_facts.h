// Facts in an option table: { trusted = true, labels = { "a", "b" } }.
#pragma once

#include <string>
#include <vector>

#include "bindings/registry.h"
#include "verify/objects.h"

namespace engine::bindings {

/// "{ trusted: boolean, labels: string[] }"
std::string shape_of(const std::vector<verify::FactRule>& rules);

/// The argument of the call, each fact of the kind that its rule says.
verify::ExpectedFacts read_facts(Call& call, int index, const std::vector<verify::FactRule>& rules);

}  // namespace engine::bindings
