// What a session on the server is doing now.
#pragma once

#include <optional>
#include <string>

#include "db/connection.h"

namespace engine::journal {

/// Parts that this role may not see are empty.
struct Activity {
  int pid = 0;
  std::string application_name, user, client;
  std::string session_since, transaction_since, statement_since;  // UTC, ISO 8601
  std::string state, query;
  std::string waits_for;   // "Lock: relation"
  std::string blocked_by;  // "pid 4711 (psql of app, idle in transaction): LOCK TABLE …"
  bool hidden = false;     // what it executes may not be seen by this role
};

/// Nothing where that session has ended.
std::optional<Activity> activity_of(db::Connection& connection, int pid);

}  // namespace engine::journal
