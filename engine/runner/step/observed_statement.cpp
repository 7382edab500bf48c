#include "runner/step/observed_statement.h"

#include "base/interrupt.h"
#include "runner/session/run_connection.h"

namespace engine::runner {
namespace {

// COMMIT or ROLLBACK in a DO or a procedure.
constexpr const char* invalid_termination = "2D000";

// Not BEGIN, COMMIT and ROLLBACK: a preview's script takes those for the plan's transactions.
void commit(db::Connection& connection) {
  if (connection.execute("END").tag() != "COMMIT")
    throw Error{Code::sql, "the transaction of this statement was rolled back"};
}

void roll_back(db::Connection& connection) {
  if (interrupt::requested()) return connection.rollback();
  if (connection.status() != db::TransactionStatus::idle) connection.execute("ABORT");
}

}  // namespace

bool is_measured(db::Connection& connection, RunGuard* witness, const std::string& step,
                 const sql::Statement& statement) {
  return witness != nullptr && witness->sends(connection, step, statement);
}

db::Result send_outside(db::Connection& connection, RunGuard* witness, bool measured,
                        const std::string& step, const sql::Statement& statement,
                        const db::Params& params) {
  if (witness == nullptr) return connection.execute(statement.text, params);
  if (measured) {
    try {
      connection.script("START TRANSACTION");
      const db::Command starting = witness->starting();
      witness->started(connection.query(starting.sql, starting.params));
      db::Result result = connection.execute(statement.text, params);
      witness->executed(connection, step, statement, false);
      commit(connection);
      return result;
    } catch (const Error& error) {
      if (is_lost(error)) throw;
      roll_back(connection);
      if (error.sqlstate() != invalid_termination) throw;
    }
    witness->ends_transactions(connection, step, statement);
  }
  db::Result result = connection.execute(statement.text, params);
  witness->executed(connection, step, statement, true);
  return result;
}

}  // namespace engine::runner
