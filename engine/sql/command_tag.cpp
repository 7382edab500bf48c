#include "sql/command_tag.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

namespace engine::sql {
namespace {

using nlohmann::json;

struct TaggedCommand {
  std::string_view kind;
  std::string_view tag;
  Effect effect;
};

constexpr std::array commands{
#define COMMAND(kind, tag, effect) TaggedCommand{#kind, tag, Effect::effect},
#include "sql/commands.def"
#undef COMMAND
};

const TaggedCommand* find(std::string_view kind) {
  const auto found =
      std::find_if(commands.begin(), commands.end(),
                   [&](const TaggedCommand& command) { return command.kind == kind; });
  return found == commands.end() ? nullptr : &*found;
}

struct Name {
  std::string_view from;
  std::string_view to;
};

// Object types whose words are not those of their enum.
constexpr std::array object_names{
    Name{"AMOP", "OPERATOR FAMILY"},
    Name{"AMPROC", "OPERATOR FAMILY"},
    Name{"ATTRIBUTE", "TYPE"},
    Name{"COLUMN", "TABLE"},
    Name{"DEFACL", "DEFAULT PRIVILEGES"},
    Name{"DOMCONSTRAINT", "DOMAIN"},
    Name{"FDW", "FOREIGN DATA WRAPPER"},
    Name{"FOREIGN_SERVER", "SERVER"},
    Name{"MATVIEW", "MATERIALIZED VIEW"},
    Name{"OPCLASS", "OPERATOR CLASS"},
    Name{"OPFAMILY", "OPERATOR FAMILY"},
    Name{"STATISTIC_EXT", "STATISTICS"},
    Name{"TABCONSTRAINT", "TABLE"},
    Name{"TSCONFIGURATION", "TEXT SEARCH CONFIGURATION"},
    Name{"TSDICTIONARY", "TEXT SEARCH DICTIONARY"},
    Name{"TSPARSER", "TEXT SEARCH PARSER"},
    Name{"TSTEMPLATE", "TEXT SEARCH TEMPLATE"},
};

constexpr std::array transaction_names{
    Name{"TRANS_STMT_BEGIN", "BEGIN"},
    Name{"TRANS_STMT_START", "START TRANSACTION"},
    Name{"TRANS_STMT_COMMIT", "COMMIT"},
    Name{"TRANS_STMT_ROLLBACK", "ROLLBACK"},
    Name{"TRANS_STMT_ROLLBACK_TO", "ROLLBACK"},
    Name{"TRANS_STMT_SAVEPOINT", "SAVEPOINT"},
    Name{"TRANS_STMT_RELEASE", "RELEASE"},
    Name{"TRANS_STMT_PREPARE", "PREPARE TRANSACTION"},
    Name{"TRANS_STMT_COMMIT_PREPARED", "COMMIT PREPARED"},
    Name{"TRANS_STMT_ROLLBACK_PREPARED", "ROLLBACK PREPARED"},
};

template <std::size_t Size>
std::string_view renamed(const std::array<Name, Size>& names, std::string_view word) {
  for (const Name& name : names) {
    if (name.from == word) return name.to;
  }
  return word;
}

std::string field(const json& node, const char* key) { return node.value(key, std::string{}); }

// "OBJECT_EVENT_TRIGGER" → "EVENT TRIGGER"
std::string object_words(std::string_view type) {
  constexpr std::string_view prefix = "OBJECT_";
  if (type.starts_with(prefix)) type.remove_prefix(prefix.size());
  std::string words{renamed(object_names, type)};
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

// Each node names its object in a field of its own. A renamed column is one of a relation.
std::string object_type(const std::string& kind, const json& node) {
  if (kind == "DropStmt") return field(node, "removeType");
  if (kind == "DefineStmt") return field(node, "kind");
  if (kind == "RenameStmt") {
    const std::string type = field(node, "renameType");
    return type == "OBJECT_COLUMN" ? field(node, "relationType") : type;
  }
  if (kind == "AlterTableStmt" || kind == "AlterTableMoveAllStmt" || kind == "AlterFunctionStmt") {
    return field(node, "objtype");
  }
  return field(node, "objectType");
}

}  // namespace

std::string command_tag(const std::string& kind, const json& node) {
  if (kind == "TransactionStmt") {
    return std::string{renamed(transaction_names, field(node, "kind"))};
  }
  if (kind == "CreateFunctionStmt" && node.contains("is_procedure")) return "CREATE PROCEDURE";
  if (kind == "CreateTableAsStmt" && field(node, "objtype") == "OBJECT_MATVIEW") {
    return "CREATE MATERIALIZED VIEW";
  }
  if (kind == "GrantStmt" && !node.contains("is_grant")) return "REVOKE";
  if (kind == "GrantRoleStmt" && !node.contains("is_grant")) return "REVOKE ROLE";
  if (kind == "VacuumStmt" && !node.contains("is_vacuumcmd")) return "ANALYZE";
  if (kind == "FetchStmt" && node.contains("ismove")) return "MOVE";
  if (kind == "VariableSetStmt" && field(node, "kind").starts_with("VAR_RESET")) return "RESET";
  if (kind == "DiscardStmt") {
    std::string target = field(node, "target");
    std::replace(target.begin(), target.end(), '_', ' ');
    return target;
  }
  if (kind == "ClosePortalStmt" && !node.contains("portalname")) return "CLOSE CURSOR ALL";
  if (kind == "DeallocateStmt" && !node.contains("name")) return "DEALLOCATE ALL";
  const TaggedCommand* command = find(kind);
  if (command == nullptr) return "unknown";
  std::string tag{command->tag};
  if (tag.ends_with(' ')) tag += object_words(object_type(kind, node));
  return tag;
}

Effect usual_effect(const std::string& kind) {
  const TaggedCommand* command = find(kind);
  return command == nullptr ? Effect::unknown : command->effect;
}

}  // namespace engine::sql
