#include "verify/attempt.h"

#include "base/interrupt.h"
#include "db/transaction.h"

namespace engine::verify {

std::optional<Error> attempt(db::Connection& connection, Keep keep,
                             const std::function<void()>& work) {
  std::optional<db::Savepoint> savepoint;
  std::optional<db::Transaction> transaction;
  if (connection.status() == db::TransactionStatus::in_transaction) {
    savepoint.emplace(connection);
  } else if (keep == Keep::nothing) {
    transaction.emplace(connection);
  }
  try {
    work();
    if (savepoint && keep == Keep::changes) savepoint->release();
  } catch (const Error& error) {
    interrupt::check();
    if (error.sqlstate().empty() || error.code() == Code::connection_lost) throw;
    return error;
  }
  return std::nullopt;
}

bool worth_retrying(const Error& error) {
  const std::string& state = error.sqlstate();
  return state == "55P03" || state == "40P01" || state == "40001";
}

std::string error_phrase(const Error& error) {
  return fmt::format("error {}: {}", error.sqlstate(), error.message());
}

}  // namespace engine::verify
