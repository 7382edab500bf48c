// `3`, `{ at_least = 1 }`, `3, { where = … }`: how many rows are expected.
#pragma once

#include <string>

#include "script/call.h"
#include "verify/rows.h"

namespace engine::bindings {

struct WantedRows {
  verify::Count count;
  std::string where;
};

enum class Where { allowed, refused };

/// Reads it from the arguments of the call. Throws Error{argument} where nothing is said.
WantedRows read_count(script::Call& call, Where where);

}  // namespace engine::bindings
