// Another role for a while, with settings that policies ask for.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "db/connection.h"
#include "db/transaction.h"

namespace engine::verify {

/// Setting and value: "request.jwt.claims", "{…}".
using LocalSettings = std::vector<std::pair<std::string, std::string>>;

/// While it lives, statements run as the role. end() gives role and settings back and keeps what
/// was written; leaving the scope without it (an error passes by) rolls back to where it began,
/// role and settings included.
class Impersonation {
 public:
  /// Throws Error{wrong_moment} outside a transaction: SET LOCAL would do nothing there.
  Impersonation(db::Connection& connection, const std::string& role, const LocalSettings& settings);
  void end();

 private:
  db::Connection& connection_;
  LocalSettings before_;
  db::Savepoint savepoint_;
};

}  // namespace engine::verify
