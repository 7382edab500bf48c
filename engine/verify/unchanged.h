// What a run was to leave alone is as it was.
#pragma once

#include <string>
#include <vector>

#include "event/outcome.h"
#include "verify/catalog_hashes.h"

namespace engine::verify {

/// Nothing was added, removed or changed but what `except` names: an object ("table public.t"), its
/// name alone ("t", "f(integer)", "f"), a part of it ("table public.t: column name"), or all of a
/// schema ("schema app").
event::Outcome unchanged_except(const CatalogHashes& before, const CatalogHashes& now,
                                const std::vector<std::string>& except);

}  // namespace engine::verify
