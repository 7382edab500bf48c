// What a backup needs of the session while it works: a transaction, and settings that change no
// text.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "db/connection.h"

namespace engine::backup {

/// Throws Error{backup} outside a transaction: the locks of a backup must live until its commit.
void require_transaction(db::Connection& connection, const char* what);

/// While it lives: names are printed in full (search_path is pg_catalog alone), values print the
/// same whatever the session's settings, row security raises an error instead of hiding rows, and
/// function bodies are not checked. The former settings come back at its end, or with the
/// transaction where that has failed.
class Pinned {
 public:
  explicit Pinned(db::Connection& connection);
  Pinned(const Pinned&) = delete;
  Pinned& operator=(const Pinned&) = delete;
  ~Pinned();

 private:
  db::Connection& connection_;
  std::vector<std::pair<std::string, std::string>> former_;
};

/// While it lives, session_replication_role is `replica` where this role may set it: foreign keys
/// then neither act nor check. `active()` tells.
class ReplicaRole {
 public:
  explicit ReplicaRole(db::Connection& connection);
  ReplicaRole(const ReplicaRole&) = delete;
  ReplicaRole& operator=(const ReplicaRole&) = delete;
  ~ReplicaRole();
  bool active() const { return !former_.empty(); }

 private:
  db::Connection& connection_;
  std::string former_;
};

/// Sends the statements in one flush; the first error ends it.
void run_all(db::Connection& connection, const std::vector<std::string>& statements);

}  // namespace engine::backup
