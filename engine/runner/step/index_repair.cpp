#include "runner/step/index_repair.h"

#include <algorithm>

#include "base/text.h"
#include "runner/step/index_leftovers.h"
#include "runner/step/verification.h"

namespace engine::runner {
namespace {

template <typename Wanted>
std::vector<IndexNow> those(const std::vector<IndexNow>& indexes, Wanted wanted) {
  std::vector<IndexNow> found;
  std::copy_if(indexes.begin(), indexes.end(), std::back_inserter(found), wanted);
  return found;
}

void refuse_building(const IndexNow& index) {
  if (!index.building) return;
  throw Error{Code::refused, "another session is building index {}", index.shown}.hint(
      "Wait until that session has finished. Then run again.");
}

}  // namespace

Prepared IndexRepair::prepare(const sql::Recoverable& statement, const std::string& text,
                              const Intent* before) {
  if (const auto* create = std::get_if<sql::CreateIndex>(&statement))
    return prepare_create(*create, text, before);
  if (const auto* drop = std::get_if<sql::DropIndex>(&statement))
    return prepare_drop(*drop, before);
  if (const auto* reindex = std::get_if<sql::ReindexConcurrently>(&statement))
    return prepare_reindex(*reindex);
  return prepare_detach(std::get<sql::DetachConcurrently>(statement), before);
}

Prepared IndexRepair::prepare_create(const sql::CreateIndex& create, const std::string& text,
                                     const Intent* before) {
  Prepared prepared;
  Intent& intent = prepared.intent;
  intent.kind = Intent::Kind::create;
  if (!create.name.empty()) intent.name = hash_of(create.name);
  const std::optional<TableNow> table = table_now(connection(), create.table);
  if (!table) return prepared;
  intent.scope = {Scope::Of::table, table->oid};
  const std::vector<IndexNow> now = indexes_of(connection(), table->oid);
  for (const IndexNow& index : now) intent.indexes.push_back({index.oid, index.valid});

  const std::vector<IndexNow> candidates = those(now, [&](const IndexNow& index) {
    return before != nullptr && index.valid && has_name(intent, index) && !before->lists(index.oid);
  });
  if (const auto made = same_definition(text, *table, candidates); !made.empty()) {
    note("index " + made.front().shown + " was finished before the interruption");
    prepared.done = true;
    return prepared;
  }
  std::vector<IndexNow> left = those(now, [&](const IndexNow& index) {
    return !index.valid && has_name(intent, index) && !history_.was_invalid(index.oid);
  });
  if (create.name.empty()) left = same_definition(text, *table, left);
  for (const IndexNow& index : left) drop(index, ", which an earlier attempt left INVALID");
  if (create.if_not_exists) refuse_standing_invalid(create, text, *table);
  return prepared;
}

// IF NOT EXISTS takes an index of that name for the plan's, INVALID or not.
void IndexRepair::refuse_standing_invalid(const sql::CreateIndex& create, const std::string& text,
                                          const TableNow& table) {
  for (const IndexNow& index : invalid_indexes(connection())) {
    if (index.name != create.name || index.schema != table.schema) continue;
    refuse_building(index);
    if (index.table == table.oid && !same_definition(text, table, {index}).empty()) {
      drop(index, ", which was INVALID before this step, to build it again");
      continue;
    }
    throw Error{Code::sql,
                "index {} is INVALID and differs from the index that this statement creates, and "
                "IF NOT EXISTS would keep it",
                index.shown}
        .sqlstate("42P07")
        .hint(fmt::format("If nobody needs it: DROP INDEX CONCURRENTLY {}; then run again. "
                          "Otherwise give the plan's index another name.",
                          index.quoted));
  }
}

Prepared IndexRepair::prepare_drop(const sql::DropIndex& drop, const Intent* before) {
  Prepared prepared;
  Intent& intent = prepared.intent;
  intent.kind = Intent::Kind::drop;
  std::vector<std::string> shown;
  for (const QualifiedName& name : drop.indexes) {
    shown.push_back(name.display());
    const std::optional<Oid> oid = relation_oid(connection(), name);
    const std::optional<IndexNow> index = oid ? index_now(connection(), *oid) : std::nullopt;
    if (!index) continue;
    intent.indexes.push_back({index->oid, index->valid});
    intent.scope.oid = index->table;
  }
  if (before != nullptr && !before->indexes.empty()) {
    // By identity: an index that has had the name since then is another one.
    prepared.done = std::none_of(
        before->indexes.begin(), before->indexes.end(),
        [&](const Intent::Stood& stood) { return index_now(connection(), stood.oid).has_value(); });
  } else if (before == nullptr || !history_.begun) {
    prepared.done = item_.resumed && intent.indexes.empty();
  }
  if (prepared.done)
    note("index " + text::joined(shown, ", ") + " was dropped before the interruption");
  return prepared;
}

// What an attempt left is dropped, whichever of the two indexes it is: the other one is whole.
Prepared IndexRepair::prepare_reindex(const sql::ReindexConcurrently& reindex) {
  using Of = sql::ReindexConcurrently::Of;
  Prepared prepared;
  Intent& intent = prepared.intent;
  intent.kind = Intent::Kind::reindex;
  if (reindex.of == Of::database) {
    intent.scope.of = Scope::Of::database;
  } else if (reindex.of == Of::schema) {
    intent.scope = {Scope::Of::schema, schema_oid(connection(), reindex.name.name).value_or(0)};
  } else {
    std::optional<Oid> oid = relation_oid(connection(), reindex.name);
    if (oid && reindex.of == Of::index) {
      const std::optional<IndexNow> index = index_now(connection(), *oid);
      oid = index ? std::optional{index->table} : std::nullopt;
    }
    intent.scope = {Scope::Of::table, oid.value_or(0)};
  }
  for (const IndexNow& index : invalid_indexes(connection())) {
    if (!index.is_within(intent.scope)) continue;
    intent.indexes.push_back({index.oid, false});
    if (!index.is_left_by_reindex()) continue;
    if (!history_.was_invalid(index.oid)) {
      drop(index, ", which an earlier attempt of REINDEX left INVALID");
    } else if (!index.building) {
      note(
          fmt::format("index {} was INVALID before this step: an earlier REINDEX left it. If no "
                      "session works on it: DROP INDEX CONCURRENTLY {}",
                      index.shown, index.quoted));
    }
  }
  return prepared;
}

Prepared IndexRepair::prepare_detach(const sql::DetachConcurrently& detach, const Intent* before) {
  Prepared prepared;
  Intent& intent = prepared.intent;
  intent.kind = Intent::Kind::detach;
  const std::optional<Oid> table = relation_oid(connection(), detach.table);
  const std::optional<Oid> partition = relation_oid(connection(), detach.partition);
  if (!table || !partition) return prepared;
  intent.scope.oid = *table;
  intent.objects = {*table, *partition};
  if (before == nullptr || before->objects != intent.objects) return prepared;
  switch (attachment(connection(), *table, *partition)) {
    case Attachment::attached:
      break;
    case Attachment::none:
      prepared.done = true;
      note("partition " + detach.partition.display() + " was detached before the interruption");
      break;
    case Attachment::detach_pending:
      prepared.instead = detach.finalize();
      note("the detach of " + detach.partition.display() +
           " was interrupted: FINALIZE finishes it");
  }
  return prepared;
}

std::vector<IndexNow> IndexRepair::same_definition(const std::string& create, const TableNow& table,
                                                   const std::vector<IndexNow>& indexes) {
  try {
    return of_same_definition(connection(), create, table, indexes);
  } catch (const Error& error) {
    const bool undecided = error.code() == Code::sql || error.code() == Code::refused;
    if (!undecided || is_retryable(error)) throw;
    const std::string index = indexes.front().shown;
    const bool forward = item_.job.moment == Moment::run;
    throw Error{
        Code::refused,
        "the engine cannot tell whether index {} is the one that this statement creates: {}", index,
        error.message()}
        .detail(
            "To compare them, the engine creates the same index on an empty temporary copy of the "
            "table and rolls it back. That needs SELECT on the table and TEMPORARY on the "
            "database.")
        .hint(fmt::format("Grant the missing privilege and run again. Or compare by hand. If it is "
                          "another index, drop or rename it and run again. If it is the step's "
                          "index: engine resolve {} \"{}\" --{}.",
                          context_.options.arguments, item_.job.id, forward ? "done" : "undone"));
  }
}

void IndexRepair::drop(const IndexNow& index, const std::string& why) {
  drop_invalid(context_, index, why);
}

void drop_invalid(Context& context, const IndexNow& index, const std::string& why) {
  refuse_building(index);
  try {
    context.link.connection().execute("DROP INDEX CONCURRENTLY IF EXISTS " + index.quoted);
  } catch (const Error& error) {
    if (error.sqlstate() != "42501") throw;
    throw Error{Code::refused, "INVALID index {} cannot be dropped: {}", index.shown,
                error.message()}
        .hint(fmt::format("As its owner or a superuser: DROP INDEX CONCURRENTLY {}; then run "
                          "again.",
                          index.quoted));
  }
  context.session.note("dropped index " + index.shown + why);
}

void drop_left_by_reindex(Context& context, const History& history) {
  for (const Intent& intent : history.intents) {
    if (intent.kind != Intent::Kind::reindex || intent.moment != "run") continue;
    for (const IndexNow& index : invalid_indexes(context.link.connection())) {
      const bool left = index.is_left_by_reindex() && index.is_within(intent.scope);
      if (!left || intent.lists(index.oid) || history.was_invalid(index.oid)) continue;
      drop_invalid(context, index, ", which REINDEX left INVALID when it was interrupted");
    }
  }
}

}  // namespace engine::runner
