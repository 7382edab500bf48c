#include "sql/named_relations.h"

#include <map>
#include <utility>

#include "sql/node.h"
#include "sql/parser.h"

namespace engine::sql {
namespace {

using nlohmann::json;

const std::map<std::string, std::string> writing{{"InsertStmt", "INSERT"},
                                                 {"UpdateStmt", "UPDATE"},
                                                 {"DeleteStmt", "DELETE"},
                                                 {"MergeStmt", "MERGE"}};

bool is_concurrent(const json& node) { return node.value("concurrent", false); }

bool detaches_concurrently(const json& node) {
  for (const json& item : children(node, "cmds")) {
    const json& command = item.at("AlterTableCmd");
    if (text(command, "subtype") == "AT_DetachPartition" &&
        is_concurrent(command.at("def").at("PartitionCmd")))
      return true;
  }
  return false;
}

/// What a statement does to all that it names.
std::string done_by(const std::string& kind, const json& node) {
  if (kind == "TruncateStmt") return "TRUNCATE";
  if (kind == "ClusterStmt") return "CLUSTER";
  if (kind == "VacuumStmt") {
    if (!node.value("is_vacuumcmd", false)) return "ANALYZE";
    return option_is_on(node, "options", "full") ? "VACUUM FULL" : "VACUUM";
  }
  if (kind == "ReindexStmt")
    return option_is_on(node, "params", "concurrently") ? "REINDEX CONCURRENTLY" : "REINDEX";
  if (kind == "IndexStmt" && is_concurrent(node)) return "CREATE INDEX CONCURRENTLY";
  if (kind == "AlterTableStmt" && detaches_concurrently(node)) return "DETACH CONCURRENTLY";
  return "";
}

/// The relations that stand in a statement, in their order, with what is done to each.
std::vector<NamedRelation> relations_in(const std::string& kind, const json& root) {
  struct Part {
    const std::string* kind;
    const json* node;
    const std::string* done;
  };
  const std::string done = done_by(kind, root);
  std::vector<NamedRelation> found;
  std::vector<Part> waiting{{&kind, &root, &done}};
  while (!waiting.empty()) {
    const Part part = waiting.back();
    waiting.pop_back();
    if (part.node != &root && part.node->contains("relname")) {
      found.push_back({relation_name(*part.node), *part.done});
      continue;
    }
    const auto writes = writing.find(*part.kind);
    std::vector<Part> inner;
    for (const auto& [key, value] : part.node->get_ref<const json::object_t&>()) {
      const bool target = writes != writing.end() && key == "relation";
      if (value.is_object()) inner.push_back({&key, &value, target ? &writes->second : &done});
      if (!value.is_array()) continue;
      for (const json& item : value) {
        if (!item.is_object()) continue;
        for (const auto& [name, node] : item.get_ref<const json::object_t&>())
          if (node.is_object()) inner.push_back({&name, &node, &done});
      }
    }
    waiting.insert(waiting.end(), inner.rbegin(), inner.rend());
  }
  return found;
}

/// DROP names in lists of words.
std::vector<NamedRelation> dropped(const json& node) {
  std::vector<NamedRelation> found;
  for (const json& object : children(node, "objects")) {
    std::vector<std::string> words;
    for (const json& word : children(object.at("List"), "items"))
      words.push_back(text(word.at("String"), "sval"));
    if (words.empty()) continue;
    const std::string schema = words.size() > 1 ? words[words.size() - 2] : "";
    found.push_back({{schema, words.back()}, "DROP INDEX CONCURRENTLY"});
  }
  return found;
}

}  // namespace

std::vector<NamedRelation> named_relations(const std::string& statement) {
  std::vector<NamedRelation> found;
  for (const ParsedStatement& each : parse(statement).statements) {
    for (NamedRelation& one : relations_in(each.kind, each.node)) found.push_back(std::move(one));
    if (each.kind == "DropStmt" && is_concurrent(each.node)) {
      for (NamedRelation& one : dropped(each.node)) found.push_back(std::move(one));
    }
  }
  return found;
}

}  // namespace engine::sql
