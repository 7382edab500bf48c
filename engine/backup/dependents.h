// Views, functions and other tables' policies that stand on a table: taken away where they are in
// the way, made again.
#pragma once

#include <string>
#include <vector>

#include "backup/manifest.h"
#include "db/connection.h"

namespace engine::backup {

/// Drops those that are not what the backup says, and what stands on them; with `all`, every one.
/// Nothing falls by CASCADE: what the backup does not know and hangs on them makes the server
/// refuse.
void drop_attached(db::Connection& connection, const Manifest& manifest, bool all);

/// Makes what is missing, materialized views filled where they were, and gives what stands its
/// owner, options, triggers, rules, comments and privileges back.
void restore_attached(db::Connection& connection, const Manifest& manifest);

/// Sentences, one a difference; none where all are as the backup says.
std::vector<std::string> attached_differences(db::Connection& connection, const Manifest& manifest);

}  // namespace engine::backup
