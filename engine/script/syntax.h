// Syntax errors in words that help.
#pragma once

#include <string>

#include "base/error.h"

namespace engine::script {

/// Error{plan_invalid} for what LuaJIT said about a source. A `]]` that ends a long string too
/// early is told where it stands, with the brackets to use instead.
Error syntax_error(const Error& said, const std::string& source);

}  // namespace engine::script
