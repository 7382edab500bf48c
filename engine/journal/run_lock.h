// One engine per database: a session advisory lock on the connection that works.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "db/connection.h"

namespace engine::journal {

struct LockHolder {
  int pid = 0;
  std::string application_name;  // engine/<run>/<epoch>
  std::string user, client, since, query, state;
};

/// Taken by polling pg_try_advisory_lock, never by blocking: a blocked waiter deadlocks with CREATE INDEX CONCURRENTLY.
class RunLock {
 public:
  /// Throws Error{lock_held} naming the holder when it is not had within `patience`.
  static RunLock take(db::Connection& connection, std::chrono::milliseconds patience);
  static std::optional<LockHolder> holder(db::Connection& connection);

  RunLock(RunLock&&) noexcept;
  RunLock& operator=(RunLock&&) = delete;
  ~RunLock();  // releases it where the connection still stands

 private:
  explicit RunLock(db::Connection& connection) : connection_(&connection) {}
  db::Connection* connection_;
};

}  // namespace engine::journal
