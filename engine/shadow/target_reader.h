// The target as a preview reads it: one transaction that cannot write.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "db/connection.h"

namespace engine::shadow {

class TargetReader {
 public:
  /// One READ ONLY, REPEATABLE READ transaction with a short lock timeout: everything read is of
  /// one moment, and nobody waits long for it.
  explicit TargetReader(const db::Target& target);

  db::Result query(std::string_view sql, const db::Params& params = {});
  /// In a savepoint: where the server refuses it, the transaction goes on, and `refused` says why.
  std::optional<db::Result> attempt(const std::string& sql, const db::Params& params,
                                    std::optional<Error>& refused);
  /// The error to tell instead where one came of a lock that another session has: that one is
  /// named. Else the same.
  Error explained(const Error& error) const;
  /// "public.t is locked by pid 7 (psql, user app): LOCK TABLE t"; "" where nobody is in the way.
  std::string in_the_way() const;
  /// Ends the transaction, which keeps the target from tidying up. Nothing is read afterwards.
  void release();

  /// For readers of the catalog, which keep within its transaction.
  db::Connection& connection() { return connection_; }
  const db::Target& target() const { return target_; }
  const std::string& snapshot() const { return snapshot_; }  // exported, for pg_dump
  /// Whom the target knows this session as.
  const std::string& role() const { return role_; }
  const std::string& database() const { return database_; }
  int major() const { return connection_.server_version() / 10000; }
  int version() const { return connection_.server_version(); }
  long round_trips() const { return connection_.round_trips(); }

 private:
  db::Target target_;
  db::Connection connection_;
  std::string snapshot_, role_, database_;
};

}  // namespace engine::shadow
