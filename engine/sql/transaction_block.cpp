#include "sql/transaction_block.h"

#include <nlohmann/json.hpp>

#include "sql/node.h"

namespace engine::sql {
namespace {

using nlohmann::json;

bool detaches_concurrently(const json& node) {
  for (const json& item : children(node, "cmds")) {
    const json command = item.value("AlterTableCmd", json::object());
    if (text(command, "subtype") != "AT_DetachPartition") continue;
    const json partition =
        command.value("def", json::object()).value("PartitionCmd", json::object());
    if (partition.contains("concurrent")) return true;
  }
  return false;
}

bool reindex_may(const json& node) {
  const std::string kind = text(node, "kind");
  const bool many = kind == "REINDEX_OBJECT_SCHEMA" || kind == "REINDEX_OBJECT_SYSTEM" ||
                    kind == "REINDEX_OBJECT_DATABASE";
  return !many && !option_is_on(node, "params", "concurrently");
}

// Creating a replication slot cannot be rolled back.
bool create_subscription_may(const json& node) {
  return !option_is_on(node, "options", "connect", true) ||
         !option_is_on(node, "options", "create_slot", true);
}

bool alter_subscription_may(const json& node) {
  const std::string kind = text(node, "kind");
  if (kind == "ALTER_SUBSCRIPTION_REFRESH") return false;
  const bool publications = kind == "ALTER_SUBSCRIPTION_SET_PUBLICATION" ||
                            kind == "ALTER_SUBSCRIPTION_ADD_PUBLICATION" ||
                            kind == "ALTER_SUBSCRIPTION_DROP_PUBLICATION";
  return !publications || !option_is_on(node, "options", "refresh", true);
}

}  // namespace

bool is_concurrent(const std::string& kind, const json& node) {
  if (kind == "IndexStmt" || kind == "DropStmt" || kind == "RefreshMatViewStmt")
    return node.contains("concurrent");
  if (kind == "ReindexStmt") return option_is_on(node, "params", "concurrently");
  return kind == "AlterTableStmt" && detaches_concurrently(node);
}

bool may_run_in_transaction(const std::string& kind, const json& node) {
  if (kind == "IndexStmt" || kind == "DropStmt") return !node.contains("concurrent");
  if (kind == "VacuumStmt") return !node.contains("is_vacuumcmd");  // ANALYZE may
  if (kind == "ClusterStmt") return node.contains("relation");
  if (kind == "ReindexStmt") return reindex_may(node);
  if (kind == "AlterTableStmt") return !detaches_concurrently(node);
  if (kind == "AlterDatabaseStmt") return !has_option(node, "options", "tablespace");
  if (kind == "CreateSubscriptionStmt") return create_subscription_may(node);
  if (kind == "AlterSubscriptionStmt") return alter_subscription_may(node);
  if (kind == "DiscardStmt") return text(node, "target") != "DISCARD_ALL";
  return kind != "AlterSystemStmt" && kind != "CreatedbStmt" && kind != "DropdbStmt" &&
         kind != "CreateTableSpaceStmt" && kind != "DropTableSpaceStmt" &&
         kind != "DropSubscriptionStmt";
}

}  // namespace engine::sql
