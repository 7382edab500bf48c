// What may not stand in a plan, and what to write instead. Private to sql.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "sql/statement.h"

namespace engine::sql {

Refusal refusal_of(const std::string& kind, const nlohmann::json& node);

/// A sentence; "" where nothing is refused.
std::string instead_of(Refusal refusal, std::string_view tag);

/// The same for a command of psql, by its name: "\i file.sql".
std::string instead_of_psql(std::string_view command);

}  // namespace engine::sql
