// What a run was to leave alone is as it was.
#pragma once

#include <string>
#include <vector>

#include "verify/outcome.h"
#include "verify/picture.h"

namespace engine::verify {

/// Nothing was added, removed or changed but what `except` names: an object ("table public.t"), its
/// name alone ("t", "f(integer)", "f"), a part of it ("table public.t: column name"), or all of a
/// schema ("schema app").
Outcome unchanged_except(const Picture& before, const Picture& now,
                         const std::vector<std::string>& except);

}  // namespace engine::verify
