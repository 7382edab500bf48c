// How far sequences have come, beside the column that takes its numbers from them.
#pragma once

#include <string>

#include "database_state/database_state.h"
#include "db/connection.h"

namespace engine::database_state {

/// Fills in DatabaseState::sequences; the picture has its rows counted already.
void add_sequences(db::Connection& connection, const std::string& journal, DatabaseState& picture);

}  // namespace engine::database_state
