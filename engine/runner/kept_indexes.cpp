#include "runner/kept_indexes.h"

#include "runner/index_catalog.h"
#include "sql/recoverable.h"

namespace engine::runner {

std::string KeptIndexes::without_them(const sql::Statement& statement) {
  if (!history_.begun) return statement.text;
  const std::optional<sql::Recoverable> kind = sql::recoverable(statement.text);
  const auto* drop = kind ? std::get_if<sql::DropIndex>(&*kind) : nullptr;
  if (drop == nullptr) return statement.text;
  // What stands before it in the queue may change what its names mean.
  context_.flush();
  std::vector<QualifiedName> rest;
  for (const QualifiedName& name : drop->indexes) {
    const std::optional<Oid> index = relation_oid(context_.link.connection(), name);
    if (!index || !stood(*index)) {
      rest.push_back(name);
      continue;
    }
    context_.session.note(fmt::format(
        "index {} was left: it stood before the step began, so the step did not make it",
        name.display()));
  }
  if (rest.size() == drop->indexes.size()) return statement.text;
  return rest.empty() ? "" : drop->text(rest);
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
