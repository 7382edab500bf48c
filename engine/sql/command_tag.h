// The command tag of a parsed statement, as PostgreSQL names it. Private to sql.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "sql/statement.h"

namespace engine::sql {

/// "CREATE INDEX"; "unknown" for a node this grammar has and commands.def has not.
std::string command_tag(const std::string& kind, const nlohmann::json& node);

/// The effect that commands.def gives to a node.
Effect usual_effect(const std::string& kind);

}  // namespace engine::sql
