#include "sql/refusal.h"

#include <nlohmann/json.hpp>

#include "sql/node.h"

namespace engine::sql {
namespace {

using nlohmann::json;

// SET TRANSACTION would change the engine's own transaction: its journal could not be written.
bool sets_transaction(const json& node) {
  const std::string name = text(node, "name");
  return name.starts_with("TRANSACTION") || name == "transaction_read_only" ||
         name == "transaction_isolation" || name == "transaction_deferrable";
}

// No file and no program: the rows would come from, or go to, the client.
bool speaks_to_client(const json& node) { return !node.contains("filename"); }

}  // namespace

Refusal refusal_of(const std::string& kind, const json& node) {
  if (kind == "TransactionStmt") return Refusal::transaction_control;
  if (kind == "VariableSetStmt" && sets_transaction(node)) return Refusal::transaction_control;
  if (kind == "DiscardStmt" && text(node, "target") == "DISCARD_ALL") return Refusal::discard_all;
  if (kind == "CopyStmt" && speaks_to_client(node)) return Refusal::copy_from_client;
  return Refusal::none;
}

std::string instead_of(Refusal refusal, std::string_view tag) {
  switch (refusal) {
    case Refusal::none:
      return "";
    case Refusal::transaction_control:
      if (tag == "SAVEPOINT" || tag == "RELEASE") {
        return "Use db.savepoint(function() … end): it rolls back to it when its function fails.";
      }
      if (tag == "SET" || tag == "RESET") {
        return "Leave it out: the engine begins each step's transaction, and says how.";
      }
      return "Leave it out: a step is one transaction, which the engine begins and commits. Make "
             "two "
             "steps of what must commit separately, or give the step transaction = \"none\".";
    case Refusal::psql_meta_command:
      return instead_of_psql("");
    case Refusal::discard_all:
      return "It would release the lock that keeps a second engine away. Use RESET ALL, and "
             "DISCARD TEMP or DISCARD PLANS where they are meant.";
    case Refusal::unlock_all:
      return "It would release the lock that keeps a second engine away. Release your own lock "
             "with "
             "pg_advisory_unlock(key), or take it with pg_advisory_xact_lock(key).";
    case Refusal::copy_from_client:
      return "There is no client that sends or takes rows here. Write the rows as INSERT … VALUES, "
             "or use copy.rows for rows of a table.";
  }
  return "";
}

std::string instead_of_psql(std::string_view command) {
  const std::string_view name = command.substr(0, command.find_first_of(" \t;"));
  const auto is = [&](std::initializer_list<std::string_view> names) {
    for (const std::string_view known : names) {
      if (name == known) return true;
    }
    return false;
  };
  if (is({"\\i", "\\ir", "\\include", "\\include_relative"})) {
    return "Use sql.file \"PATH\" in the step's run list.";
  }
  if (is({"\\copy"})) {
    return "Use copy.rows for rows of a table; rows of a file belong into an SQL file of INSERTs.";
  }
  if (is({"\\gexec"})) {
    return "Use db.each to read the statements and db.exec to run each.";
  }
  if (is({"\\gset", "\\set", "\\unset", "\\prompt", "\\getenv"})) {
    return "Use Lua: db.value for a value of the database, an input for one of the operator's.";
  }
  if (is({"\\echo", "\\qecho", "\\warn"})) return "Use note \"TEXT\".";
  if (is({"\\c", "\\connect"})) return "A plan works on one database: name it with --database.";
  if (is({"\\if", "\\elif", "\\else", "\\endif"})) return "Use Lua's if, or the step's when.";
  if (is({"\\q", "\\quit"})) return "Leave it out: a step ends with its last statement.";
  if (name.starts_with("\\d") || name.starts_with("\\l") || name.starts_with("\\z")) {
    return "Use expect.table \"NAME\" to check what is there, or catalog.describe to show it.";
  }
  return "It is a command of psql, which does not run here: write SQL, or Lua.";
}

}  // namespace engine::sql
