// One engine per database: a session advisory lock on the connection that works.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "db/connection.h"

namespace engine::journal {

struct LockHolder {
  int pid = 0;
  std::string application_name;  // engine/<run>/<epoch>
  std::string user, client;      // client: an address, or "a local socket"
  // Start of its session, to the microsecond: with the pid its identity. Empty where this role may
  // not see it.
  std::string since;
  std::string state, query;  // query: what it executes, or executed last
  std::string query_since;

  /// Of application_name; empty before its run is known.
  std::string run() const;
  /// "run 20261120-231502-4f7a of postgres (pid 4711, a local socket) since …, active: SELECT
  /// …"
  std::string describe() const;
};

/// Taken by polling pg_try_advisory_lock, never by blocking: a blocked waiter deadlocks with CREATE
/// INDEX CONCURRENTLY. The connection outlives it and stays where it is.
class RunLock {
 public:
  /// Throws Error{lock_held} naming the holder when it is not had within `patience`.
  static RunLock take(db::Connection& connection, std::chrono::milliseconds patience);
  static std::optional<LockHolder> holder(db::Connection& connection);

  /// Polls until nobody holds it; false where `patience` ends first.
  static bool wait_until_free(db::Connection& connection, std::chrono::milliseconds patience);
  /// Polls until this session does not hold it; another one may by then.
  static bool wait_until_gone(db::Connection& connection, const LockHolder& holder,
                              std::chrono::milliseconds patience);
  /// Cancels the holder's statement; false where that session has ended.
  static bool cancel(db::Connection& connection, const LockHolder& holder);
  /// Ends the holder's session; false where it has ended already. Another session with its pid is
  /// left alone.
  static bool end(db::Connection& connection, const LockHolder& holder);

  /// The server's time when it was first tried, where another session had it then; else "".
  const std::string& waited_since() const { return waited_since_; }

  RunLock(RunLock&& other) noexcept
      : connection_(other.connection_), waited_since_(std::move(other.waited_since_)) {
    other.connection_ = nullptr;
  }
  RunLock& operator=(RunLock&&) = delete;
  ~RunLock();  // releases it where the connection still stands

 private:
  explicit RunLock(db::Connection& connection) : connection_(&connection) {}
  db::Connection* connection_;
  std::string waited_since_;
};

}  // namespace engine::journal
