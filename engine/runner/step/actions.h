// The work of a step: its SQL, statement by statement, and its functions.
#pragma once

#include "runner/session/context.h"

namespace engine::runner {

/// Queues the SQL and calls the functions, all in the transaction that is open or waits to be
/// opened. What is left in the queue is the tail of the work.
void act_in_transaction(Context& context, const Job& job);

/// Calls a function of the work and makes sure that it left the transaction as it found it.
void call_function(Context& context, const Job& job, const plan::Function& function);

/// Tells of an answered statement.
void tell_statement(Context& context, const Job& job, const plan::SqlBlock& block,
                    const sql::Statement& statement, const db::Answer& answer);

}  // namespace engine::runner
