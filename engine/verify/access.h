// What roles may do, tried or looked up: under row security, with the settings that policies ask
// for.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "db/connection.h"
#include "event/outcome.h"
#include "verify/impersonation.h"
#include "verify/objects.h"
#include "verify/privileges.h"
#include "verify/rows.h"

namespace engine::verify {

/// A statement as somebody else; nothing of it stays.
struct Trial {
  db::Command command;
  std::string role;
  LocalSettings settings;
};

event::Outcome can(db::Connection& connection, const Trial& trial);
/// Refused for want of a privilege or by row security (42501); another refusal is no answer.
event::Outcome cannot(db::Connection& connection, const Trial& trial);
event::Outcome sees_rows(db::Connection& connection, const Trial& trial, const Count& count);

/// Role by role what it may do with the object, and nothing else: { "anon", "" } is nothing.
using AccessMatrix = std::vector<std::pair<std::string, std::vector<std::string>>>;
event::Outcome access_is(db::Connection& connection, const Securable& object,
                         const AccessMatrix& matrix);

/// What new objects of a schema are granted to a role by ALTER DEFAULT PRIVILEGES, whoever makes
/// them, or the one who is given. `kind`: "tables", "sequences", "functions", "types", "schemas".
struct DefaultPrivileges {
  std::string kind, role, maker;
  std::vector<std::string> privileges;
};
event::Outcome has_default_privileges(db::Connection& connection, const ObjectSubject& schema,
                                      const DefaultPrivileges& wanted);
event::Outcome has_no_default_privileges(db::Connection& connection, const ObjectSubject& schema,
                                         const DefaultPrivileges& refused);

}  // namespace engine::verify
