#include "sql/effect.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "sql/command_tag.h"
#include "sql/functions.h"
#include "sql/node.h"
#include "sql/refusal.h"
#include "sql/transaction_block.h"
#include "sql/tree.h"

namespace engine::sql {
namespace {

using nlohmann::json;

// "unknown" is worse than reading and no better than writing.
int weight(Effect effect) {
  switch (effect) {
    case Effect::reads:
      return 0;
    case Effect::unknown:
      return 1;
    case Effect::writes:
      return 2;
    case Effect::destroys:
      return 3;
  }
  return 1;
}

void raise(Effect& effect, Effect other) {
  if (weight(other) > weight(effect)) effect = other;
}

bool takes_every_row(const json& node) {
  const auto where = node.find("whereClause");
  if (where == node.end()) return true;
  const auto constant = where->find("A_Const");
  return constant != where->end() && constant->contains("boolval");  // WHERE true
}

// What the parts of a query that runs do: data-modifying CTEs, row locks, functions.
class Walk {
 public:
  explicit Walk(Statement& statement) : statement_(statement) {}

  void over(const std::string& kind, const json& root) {
    visit(kind, root);
    for_each_member(root, [this](const std::string& key, const json& value) {
      visit(key, value);
      return true;
    });
  }

 private:
  void visit(const std::string& key, const json& node) {
    if (key == "DeleteStmt" || key == "UpdateStmt") {
      raise(statement_.effect, takes_every_row(node) ? Effect::destroys : Effect::writes);
    } else if (key == "InsertStmt" || key == "MergeStmt" || key == "lockingClause" ||
               key == "intoClause") {
      raise(statement_.effect, Effect::writes);
    } else if (key == "ExecuteStmt") {
      raise(statement_.effect, Effect::unknown);
    } else if (key == "FuncCall") {
      call(node);
    }
  }

  void call(const json& node) {
    const FunctionName name = function_name(node);
    const bool builtin = name.schema.empty() || name.schema == "pg_catalog";
    if (builtin && name.name == "pg_advisory_unlock_all") statement_.refusal = Refusal::unlock_all;
    if (builtin && name.name == "set_config") {
      statement_.changes_session = true;
    } else if (builtin && writes(name.name)) {
      raise(statement_.effect, Effect::writes);
    } else if (!builtin || !only_reads(name.name)) {
      raise(statement_.effect, Effect::unknown);
    }
  }

  Statement& statement_;
};

bool drops_column(const json& node) {
  for (const json& item : children(node, "cmds")) {
    const auto command = item.find("AlterTableCmd");
    if (command != item.end() && text(*command, "subtype") == "AT_DropColumn") return true;
  }
  return false;
}

bool runs_its_query(const std::string& kind, const json& node) {
  if (kind == "ExplainStmt") return option_is_on(node, "options", "analyze");
  return kind == "SelectStmt" || kind == "InsertStmt" || kind == "UpdateStmt" ||
         kind == "DeleteStmt" || kind == "MergeStmt" || kind == "CopyStmt" ||
         kind == "DeclareCursorStmt" || kind == "CreateTableAsStmt" || kind == "CallStmt";
}

bool gives_rows(const std::string& kind, const json& node) {
  if (kind == "SelectStmt") return !node.contains("intoClause");
  if (kind == "FetchStmt") return !node.contains("ismove");
  return node.contains("returningList") || kind == "VariableShowStmt" || kind == "ExplainStmt" ||
         kind == "ExecuteStmt" || kind == "CallStmt";
}

// $1 of a PREPARE and of a function's body are given by others.
bool gives_values(const std::string& kind) {
  return kind == "PrepareStmt" || kind == "CreateFunctionStmt";
}

bool takes_values(const std::string& kind, const json& node) {
  if (gives_values(kind)) return false;
  bool found = false;
  for_each_member(node, [&](const std::string& key, const json&) {
    if (key == "ParamRef") found = true;
    return !found && !gives_values(key);
  });
  return found;
}

}  // namespace

void classify(const std::string& kind, const json& node, Statement& statement) {
  statement.tag = command_tag(kind, node);
  statement.effect = usual_effect(kind);
  statement.transaction_block = may_run_in_transaction(kind, node);
  statement.concurrent = is_concurrent(kind, node);
  statement.returns_rows = gives_rows(kind, node);
  statement.takes_values = takes_values(kind, node);
  statement.changes_session = kind == "VariableSetStmt";
  statement.refusal = refusal_of(kind, node);
  if (runs_its_query(kind, node)) Walk{statement}.over(kind, node);
  if (kind == "AlterTableStmt" && drops_column(node)) statement.effect = Effect::destroys;
  statement.instead = instead_of(statement.refusal, statement.tag);
}

}  // namespace engine::sql
