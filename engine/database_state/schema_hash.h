// A database's schema as names and hashes: enough to say what changed since, not how.
#pragma once

#include <map>
#include <string>

#include "database_state/database_state.h"
#include "db/connection.h"

namespace engine::database_state {

using SchemaHashes = std::map<std::string, std::string>;  // "table public.t": SHA-256

/// Relations, functions, types and the like; roles are of the server, and left out.
SchemaHashes schema_hashes(const DatabaseState& picture);
/// Of the database itself; only reads. Names are printed with nothing on the search_path.
SchemaHashes read_schema_hashes(db::Connection& connection, const std::string& journal);

}  // namespace engine::database_state
