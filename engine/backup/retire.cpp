#include <fmt/format.h>

#include <algorithm>

#include "backup/alter.h"
#include "backup/backup.h"
#include "backup/closure.h"
#include "backup/grants.h"
#include "backup/lookup.h"
#include "backup/manifest.h"
#include "backup/queries.h"
#include "backup/session_guards.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "catalog/fingerprint.h"

namespace engine::backup {
namespace {

using catalog::Relation;

// A foreign key of a retired table would let a DELETE in the other table empty it, or refuse it; a
// policy that names another table would keep that one from being dropped.
Statements detachments(db::Connection& connection, const Relation& table,
                       std::vector<std::string>& detached) {
  Statements statements;
  const std::string name = table.name.quoted();
  for (const auto& constraint : table.constraints) {
    if (constraint.type != 'f' || constraint.references == table.name) continue;
    statements.push_back(
        fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", name, quote_identifier(constraint.name)));
    detached.push_back(fmt::format("foreign key {} to {}", quote_identifier(constraint.name),
                                   constraint.references.display()));
  }
  const auto policies =
      connection.query(query("policies_naming_others"), {std::to_string(table.oid)});
  for (std::size_t i = 0; i < policies.size(); ++i) {
    const std::string policy = quote_identifier(policies.text(i, "name"));
    statements.push_back(fmt::format("DROP POLICY {} ON {}", policy, name));
    detached.push_back("policy " + policy);
  }
  return statements;
}

void move(db::Connection& connection, const QualifiedName& table, const std::string& schema) {
  connection.execute(
      fmt::format("ALTER TABLE {} SET SCHEMA {}", table.quoted(), quote_identifier(schema)));
}

// Keys of tables that came since are theirs, and stay.
void forget_new_keys(Relation& have, const Relation& want) {
  std::erase_if(have.referenced_by, [&](const catalog::Constraint& key) {
    return std::none_of(
        want.referenced_by.begin(), want.referenced_by.end(),
        [&](const auto& each) { return each.name == key.name && each.table == key.table; });
  });
}

void bring_back(db::Connection& connection, const journal::SnapshotRow& row,
                const Manifest& manifest) {
  const Relation& want = manifest.table;
  const QualifiedName now{row.copy_schema, row.copy_name};
  const auto standing = catalog::describe(connection, now);
  if (!standing || standing->oid != want.oid) {
    throw Error{Code::backup, "the retired table {} does not exist", now.display()};
  }
  if (const auto other = catalog::describe(connection, want.name)) {
    throw Error{Code::backup, "the name {} is used by a {}", want.name.display(),
                other->kind_name()}
        .hint(fmt::format("Rename or drop it first: ALTER {} {} RENAME TO …;", other->kind_name(),
                          want.name.quoted()));
  }
  connection.execute(fmt::format("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", now.quoted()));
  move(connection, now, want.name.schema);
  run_all(connection, tighten(want, *catalog::describe(connection, want.name)));
  run_all(connection, change_grants(want, *catalog::describe(connection, want.name)));
  connection.execute("DROP SCHEMA " + quote_identifier(row.copy_schema));
  auto have = catalog::describe(connection, want.name);
  forget_new_keys(*have, want);
  const auto differences = catalog::differences(want, *have);
  if (differences.empty()) return;
  throw Error{Code::backup, "{} changed since it was retired: {}", want.name.display(),
              text::joined(differences, "; ")}
      .hint("Nothing was changed. Correct this first. Then try again.");
}

}  // namespace

Retired retire(db::Connection& connection, const Origin& origin, const QualifiedName& table) {
  require_transaction(connection, "retiring a table");
  const auto found = catalog::describe(connection, table);
  if (!found) {
    throw Error{Code::missing_object, "table {} does not exist", table.display()}.hint(
        "Nothing was retired. If the table may be missing, check catalog.has_table first.");
  }
  const Pinned pinned{connection};
  require_plain(*found, "retiring");
  require_owner(connection, {found->name}, "retiring");
  try {
    connection.execute(fmt::format("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", found->name.quoted()));
    Manifest manifest;
    manifest.table = *catalog::describe(connection, found->name);
    manifest.numbers = column_numbers(connection, manifest.table.oid);
    manifest.referrers = referrers(connection, manifest.table.oid);
    read_attached(connection, manifest);

    Retired retired;
    retired.table = found->name;
    for (const auto& item : manifest.attached) retired.readers.push_back(item.name());
    for (const auto& each : manifest.unsupported) retired.readers.push_back(each);
    retired.now = {own_schema(connection, origin, "trash", found->name.name), found->name.name};
    run_all(connection, detachments(connection, manifest.table, retired.detached));
    move(connection, found->name, retired.now.schema);

    journal::SnapshotRow row;
    row.run = origin.run;
    row.step = origin.step;
    row.kind = "retired";
    row.name = found->name.display();
    row.table_schema = found->name.schema;
    row.table_name = found->name.name;
    row.table_oid = manifest.table.oid;
    row.copy_schema = retired.now.schema;
    row.copy_name = retired.now.name;
    row.manifest = to_json(manifest);
    journal::Snapshots{connection, quote_identifier(origin.journal_schema)}.record(row);
    return retired;
  } catch (const Error& error) {
    rethrow(error, fmt::format("cannot retire {}", found->name.display()));
  }
}

QualifiedName unretire(db::Connection& connection, const Origin& origin, const std::string& table) {
  require_transaction(connection, "bringing a retired table back");
  const auto row = find(connection, origin, "retired", table);
  const Manifest manifest = manifest_from_json(row.manifest);
  const Pinned pinned{connection};
  try {
    bring_back(connection, row, manifest);
    journal::Snapshots{connection, quote_identifier(origin.journal_schema)}.set_status(row.id,
                                                                                       "restored");
  } catch (const Error& error) {
    rethrow(error, fmt::format("cannot bring {} back", manifest.table.name.display()));
  }
  return manifest.table.name;
}

}  // namespace engine::backup
