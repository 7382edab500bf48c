// What a parsed statement does. Private to sql.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "sql/statement.h"

namespace engine::sql {

/// Fills in tag, effect, transaction_block, changes_session, returns_rows, takes_values and
/// refusal.
void classify(const std::string& kind, const nlohmann::json& node, Statement& statement);

}  // namespace engine::sql
