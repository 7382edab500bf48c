// What the text of a function names.
#pragma once

#include <string>
#include <string_view>

namespace engine::hazard {

/// The body without comments and without string literals, but for those that it executes: they are
/// part of what it does.
std::string code_of(const std::string& body);

/// Does the code name it, with that schema or none before it?
bool names(std::string_view code, const std::string& schema, const std::string& name);

}  // namespace engine::hazard
