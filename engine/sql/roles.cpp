#include "sql/roles.h"

#include <algorithm>

#include "sql/parser.h"
#include "sql/tree.h"

namespace engine::sql {
namespace {

// A RoleSpec stands in many fields; nothing else has a rolename.
void collect(const nlohmann::json& statement, std::vector<std::string>& roles) {
  for_each_member(statement, [&](const std::string& key, const nlohmann::json& value) {
    if (key != "rolename" || !value.is_string()) return true;
    const auto& name = value.get_ref<const std::string&>();
    if (std::find(roles.begin(), roles.end(), name) == roles.end()) roles.push_back(name);
    return true;
  });
}

}  // namespace

std::vector<std::string> roles_named(const std::string& statement) {
  std::vector<std::string> roles;
  for (const ParsedStatement& each : parse(statement).statements) {
    if (each.kind != "CreateRoleStmt" && each.kind != "DropRoleStmt") collect(each.node, roles);
  }
  return roles;
}

}  // namespace engine::sql
