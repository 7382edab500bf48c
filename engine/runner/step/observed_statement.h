// Statements of steps outside a transaction, while somebody looks on.
#pragma once

#include <string>

#include "db/connection.h"
#include "runner/run_guard.h"

namespace engine::runner {

/// Before it is sent: throws where the witness refuses it. True where the witness wants to see what
/// it did before that commits. `witness` may be nullptr.
bool is_measured(db::Connection& connection, RunGuard* witness, const std::string& step,
                 const sql::Statement& statement);

/// Sends it; where it is measured, as a transaction of its own, which is what it is anyway.
db::Result send_outside(db::Connection& connection, RunGuard* witness, bool measured,
                        const std::string& step, const sql::Statement& statement,
                        const db::Params& params);

}  // namespace engine::runner
