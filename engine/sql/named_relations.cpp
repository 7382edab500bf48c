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

class Names {
 public:
  explicit Names(std::string done) : done_(std::move(done)) {}

  void add_all(const std::string& kind, const json& node) {
    const auto writes = writing.find(kind);
    for (const auto& [key, value] : node.items()) {
      const bool target = writes != writing.end() && key == "relation";
      if (value.is_object()) {
        add(key, value, target ? writes->second : done_);
      } else if (value.is_array()) {
        add_list(value);
      }
    }
  }

  std::vector<NamedRelation> take() { return std::move(found_); }

 private:
  void add(const std::string& kind, const json& node, const std::string& done) {
    if (node.contains("relname")) {
      found_.push_back({relation_name(node), done});
    } else {
      add_all(kind, node);
    }
  }

  void add_list(const json& list) {
    for (const json& item : list) {
      if (!item.is_object()) continue;
      for (const auto& [kind, node] : item.items()) {
        if (node.is_object()) add(kind, node, done_);
      }
    }
  }

  std::string done_;
  std::vector<NamedRelation> found_;
};

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
    Names names{done_by(each.kind, each.node)};
    names.add_all(each.kind, each.node);
    for (NamedRelation& one : names.take()) found.push_back(std::move(one));
    if (each.kind == "DropStmt" && is_concurrent(each.node)) {
      for (NamedRelation& one : dropped(each.node)) found.push_back(std::move(one));
    }
  }
  return found;
}

}  // namespace engine::sql
