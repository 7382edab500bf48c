// The whole catalog as a picture: what a run was to leave alone is as it was.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "db/connection.h"
#include "verify/outcome.h"

namespace engine::verify {

/// Object ("table public.t", "role anon") to a short hash of everything that makes it that object.
/// Rows and the numbers of sequences are not in; nor is the engine's own schema.
using Picture = std::map<std::string, std::string>;
Picture picture_of(db::Connection& connection, const std::string& engine_schema);

/// Nothing was added, removed or changed but what `except` names: an object ("table public.t"), its
/// name alone ("t"), or all of a schema ("schema app").
Outcome unchanged_except(const Picture& before, const Picture& now,
                         const std::vector<std::string>& except);

}  // namespace engine::verify
