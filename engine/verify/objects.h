// Objects that are no relations and no routines: roles, types, schemas, extensions.
#pragma once

#include <string>
#include <vector>

#include "base/names.h"
#include "db/connection.h"
#include "verify/outcome.h"

namespace engine::verify {

Outcome has_role(db::Connection& connection, const std::string& role);
Outcome has_no_role(db::Connection& connection, const std::string& role);
/// Directly or through other roles.
Outcome is_member_of(db::Connection& connection, const std::string& role, const std::string& group);

Outcome has_type(db::Connection& connection, const QualifiedName& type);
Outcome has_no_type(db::Connection& connection, const QualifiedName& type);
/// The labels of an enum, in their order.
Outcome labels_are(db::Connection& connection, const QualifiedName& type,
                   const std::vector<std::string>& labels);

Outcome has_schema(db::Connection& connection, const std::string& schema);
Outcome has_no_schema(db::Connection& connection, const std::string& schema);
Outcome has_extension(db::Connection& connection, const std::string& extension);
Outcome has_no_extension(db::Connection& connection, const std::string& extension);

}  // namespace engine::verify
