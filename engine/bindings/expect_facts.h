// Facts in an option table: { trusted = true, labels = { "a", "b" } }.
#pragma once

#include <string>
#include <vector>

#include "bindings/registry.h"
#include "verify/objects.h"
#include "verify/part_facts.h"

namespace engine::bindings {

/// "{ trusted: boolean, labels: string[] }"
std::string shape_of(const std::vector<verify::FactRule>& rules);

/// What else is said in the same table, and the facts of a part.
std::string shape_with(const std::string& said, verify::Part part);

/// Those facts that the options give.
verify::ExpectedFacts read_facts(script::Options& options, const Primitive& primitive,
                                 const std::vector<verify::FactRule>& rules);

/// The argument of the call, each fact of the kind that its rule says.
verify::ExpectedFacts read_facts(Call& call, int index, const std::vector<verify::FactRule>& rules);

}  // namespace engine::bindings
