// Calls of primitives in a source, held against their records: methods of chains, and keys of
// tables.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "script/primitive.h"

namespace engine::script {

struct Chunk;
class Problems;

/// Of what a source says without being run: `expect.table "x" :has_colum "y"`, and
/// `:has_column("y", { tpye = "text" })`.
void check_calls(const std::vector<Primitive>& primitives, const Chunk& chunk, Problems& problems);

/// `expect.table has no method "has_colum"; did you mean "has_column"?`
Error unknown_method(const std::string& class_name, const std::string& method,
                     const std::vector<std::string>& known);
/// `backup.snapshot has no option "sa"; did you mean "as"?`
Error unknown_option(const std::string& primitive, const std::string& option,
                     const std::vector<std::string>& known);

}  // namespace engine::script
