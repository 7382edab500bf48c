#include "sql/foreign_keys.h"

#include "sql/node.h"
#include "sql/parser.h"

namespace engine::sql {
namespace {

using nlohmann::json;

std::vector<std::string> words_of(const json& node, const char* list) {
  std::vector<std::string> words;
  for (const json& item : children(node, list)) words.push_back(text(item.at("String"), "sval"));
  return words;
}

}  // namespace

std::vector<ForeignKey> added_foreign_keys(const std::string& statement) {
  std::vector<ForeignKey> found;
  for (const ParsedStatement& each : parse(statement).statements) {
    if (each.kind != "AlterTableStmt") continue;
    for (const json& item : children(each.node, "cmds")) {
      const json& command = item.at("AlterTableCmd");
      if (text(command, "subtype") != "AT_AddConstraint") continue;
      const json& constraint = command.at("def").at("Constraint");
      if (text(constraint, "contype") != "CONSTR_FOREIGN") continue;
      found.push_back({relation_name(each.node.at("relation")),
                       relation_name(constraint.at("pktable")), words_of(constraint, "fk_attrs"),
                       words_of(constraint, "pk_attrs")});
    }
  }
  return found;
}

}  // namespace engine::sql
