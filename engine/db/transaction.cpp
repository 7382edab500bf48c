#include "db/transaction.h"

#include <atomic>

#include "db/session.h"

namespace engine::db {
namespace {

std::string fresh_savepoint() {
  static std::atomic<long> last{0};
  return fmt::format("engine_{}", ++last);
}

Error not_committed() {
  return Error{Code::sql, "the transaction was rolled back, because a statement in it had failed"}
      .sqlstate("25P02")
      .hint(
          "Do not continue after a failed statement. Run a statement that may fail inside "
          "db.savepoint to keep the rest.");
}

bool stands(const Connection& connection) {
  const TransactionStatus status = connection.status();
  return status == TransactionStatus::in_transaction || status == TransactionStatus::in_error;
}

}  // namespace

Transaction::Transaction(Connection& connection, Access access) : connection_(connection) {
  if (stands(connection)) throw Error{Code::internal, "a transaction is open already"};
  connection_.execute(access == Access::read_only ? "BEGIN READ ONLY" : "BEGIN");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    connection_.rollback();
  } catch (const std::exception&) {
    // The server rolls back what a lost connection leaves open.
  }
}

void Transaction::commit() {
  if (connection_.status() == TransactionStatus::in_error) throw not_committed();
  const Result answer = connection_.execute("COMMIT");
  open_ = false;
  // COMMIT of a failed transaction is no error for the server: it answers ROLLBACK.
  if (answer.tag() != "COMMIT") throw not_committed();
}

Savepoint::Savepoint(Connection& connection) : connection_(connection), name_(fresh_savepoint()) {
  connection_.execute("SAVEPOINT " + name_);
}

Savepoint::~Savepoint() {
  if (!open_ || !stands(connection_)) return;
  try {
    connection_.state_->run_script(
        fmt::format("ROLLBACK TO SAVEPOINT {0}; RELEASE SAVEPOINT {0}", name_), Interruptible::no);
  } catch (const std::exception&) {
    // The transaction is in error then, and cannot commit.
  }
}

void Savepoint::release() {
  connection_.execute("RELEASE SAVEPOINT " + name_);
  open_ = false;
}

}  // namespace engine::db
