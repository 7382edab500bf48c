#include "db/cursor.h"

#include <atomic>

namespace engine::db {
namespace {

std::string fresh_cursor() {
  static std::atomic<long> last{0};
  return fmt::format("engine_cursor_{}", ++last);
}

}  // namespace

Cursor::Cursor(Connection& connection, std::string_view query, const Params& params)
    : connection_(connection), name_(fresh_cursor()) {
  const std::string head = fmt::format("DECLARE {} NO SCROLL CURSOR FOR ", name_);
  try {
    connection_.execute(head + std::string{query}, params);
  } catch (Error& error) {
    if (error.position() > static_cast<int>(head.size())) {
      error.position(error.position() - static_cast<int>(head.size()));
    }
    error.statement(std::string{query});
    throw;
  }
}

Cursor::~Cursor() {
  if (connection_.status() != TransactionStatus::in_transaction) return;
  try {
    connection_.execute("CLOSE " + name_);
  } catch (const std::exception&) {
    // It ends with its transaction.
  }
}

Result Cursor::fetch(long count) {
  return connection_.execute(fmt::format("FETCH {} FROM {}", count, name_));
}

}  // namespace engine::db
