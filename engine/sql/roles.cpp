#include "sql/roles.h"

#include <algorithm>

#include "sql/parser.h"

namespace engine::sql {
namespace {

// A RoleSpec stands in many fields; nothing else has a rolename.
void collect(const nlohmann::json& node, std::vector<std::string>& roles) {
  if (node.is_object() && node.contains("rolename") && node["rolename"].is_string()) {
    auto name = node["rolename"].get<std::string>();
    if (std::find(roles.begin(), roles.end(), name) == roles.end()) {
      roles.push_back(std::move(name));
    }
  }
  if (node.is_structured()) {
    for (const auto& child : node) collect(child, roles);
  }
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
