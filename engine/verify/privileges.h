// What a role may do with an object, however it came by it: grants to itself, to PUBLIC, to roles
// it belongs to.
#pragma once

#include <string>
#include <vector>

#include "verify/objects.h"
#include "verify/routine.h"
#include "verify/subject.h"

namespace engine::verify {

/// "SELECT, INSERT" or "ALL" as a list. Throws Error{argument} for what is no privilege.
std::vector<std::string> parse_privileges(const std::string& text);

/// What privileges are asked of: a relation, a routine, a schema …
struct Securable {
  Securable(const Subject& subject);         // NOLINT(google-explicit-constructor)
  Securable(const RoutineSubject& routine);  // NOLINT(google-explicit-constructor)
  Securable(const ObjectSubject& object);    // NOLINT(google-explicit-constructor)

  std::string label;
  std::string absence;  // why there is no object; "" where there is one
  std::uint32_t oid = 0;
  std::string kind;  // "table", "sequence", "schema" …: of has_…_privilege
};

/// All of these.
event::Outcome has_privileges(db::Connection& connection, const Securable& object,
                              const std::string& role, const std::vector<std::string>& privileges);
/// None of these, not even on a single column. An empty list: none at all.
event::Outcome has_no_privileges(db::Connection& connection, const Securable& object,
                                 const std::string& role,
                                 const std::vector<std::string>& privileges);
/// These and no others.
event::Outcome privileges_are(db::Connection& connection, const Securable& object,
                              const std::string& role, const std::vector<std::string>& privileges);

}  // namespace engine::verify
