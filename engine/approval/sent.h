// Statements of steps outside a transaction, judged by their parse tree before they are sent.
#pragma once

#include <set>
#include <string>

#include "sql/statement.h"

namespace engine::approval {

/// What it says that it does: "TRUNCATE public.people", "VACUUM". None where it only reads, and
/// where its text does not tell: a function, DO, CALL.
std::set<std::string> said_by(const sql::Statement& statement);

/// May it be a transaction of the engine's, with the same outcome as one of its own?
bool may_be_enclosed(const sql::Statement& statement);

/// Can it have changed anything?
bool only_reads(const sql::Statement& statement);

}  // namespace engine::approval
