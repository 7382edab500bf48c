#include "runner/step/kept_indexes.h"

#include "runner/step/index_catalog.h"

namespace engine::runner {

std::string KeptIndexes::left_of(const sql::Statement& statement) {
  if (!history_.begun) return statement.text;
  const std::optional<sql::Recoverable> kind = sql::recoverable(statement.text);
  if (!kind) return statement.text;
  // What stands before it in the queue may change what its names mean.
  context_.flush();
  if (const auto* drop = std::get_if<sql::DropIndex>(&*kind)) return left_of(*drop, statement);
  const auto* create = std::get_if<sql::CreateIndex>(&*kind);
  return create != nullptr && partly_ && stands(*create, statement.text) ? "" : statement.text;
}

// By identity and definition: it is the index that the step was to drop.
bool KeptIndexes::stands(const sql::CreateIndex& create, const std::string& text) {
  db::Connection& connection = context_.link.connection();
  const std::optional<TableNow> table = table_now(connection, create.table);
  if (!table || create.name.empty()) return false;
  std::vector<IndexNow> candidates;
  for (const IndexNow& index : indexes_of(connection, table->oid)) {
    if (index.valid && index.name == create.name &&
        stood_before(connection, index.oid, *history_.begun))
      candidates.push_back(index);
  }
  if (candidates.empty() || of_same_definition(connection, text, *table, candidates).empty())
    return false;
  context_.session.note(
      fmt::format("index {} still exists: the step was interrupted before it dropped the index",
                  candidates.front().shown));
  return true;
}

std::string KeptIndexes::left_of(const sql::DropIndex& drop, const sql::Statement& statement) {
  std::vector<QualifiedName> rest;
  for (const QualifiedName& name : drop.indexes) {
    const std::optional<Oid> index = relation_oid(context_.link.connection(), name);
    if (!index && partly_) {
      context_.session.note(fmt::format(
          "index {} does not exist: the step was interrupted before it created the index",
          name.display()));
      continue;
    }
    if (!index || !stood(*index)) {
      rest.push_back(name);
      continue;
    }
    context_.session.note(fmt::format(
        "index {} was kept: it existed before the step began, so the step did not create it",
        name.display()));
  }
  if (rest.size() == drop.indexes.size()) return statement.text;
  return rest.empty() ? "" : drop.text(rest);
}

bool KeptIndexes::stood(Oid index) {
  db::Connection& connection = context_.link.connection();
  if (stood_before(connection, index, *history_.begun)) return true;
  const std::optional<IndexNow> now = index_now(connection, index);
  if (!now) return false;
  // The first CREATE INDEX of its name found it there.
  for (const Intent& intent : history_.intents) {
    if (intent.kind == Intent::Kind::create && intent.moment == "run" &&
        intent.scope.oid == now->table && intent.name == hash_of(now->name))
      return intent.lists(index);
  }
  return false;
}

}  // namespace engine::runner
