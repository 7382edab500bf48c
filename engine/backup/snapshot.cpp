#include <fmt/format.h>

#include "backup/backup.h"
#include "backup/closure.h"
#include "backup/lookup.h"
#include "backup/manifest.h"
#include "backup/session_guards.h"
#include "base/text.h"
#include "catalog/catalog.h"

namespace engine::backup {
namespace {

void lock(db::Connection& connection, const std::vector<QualifiedName>& tables) {
  std::vector<std::string> names;
  for (const auto& table : tables) names.push_back(table.quoted());
  connection.execute(fmt::format("LOCK TABLE {} IN SHARE MODE", text::joined(names, ", ")));
}

catalog::Relation described(db::Connection& connection, const QualifiedName& table) {
  auto relation = catalog::describe(connection, table);
  if (!relation) {
    throw Error{Code::missing_object, "table {} does not exist", table.display()}.hint(
        "Nothing was backed up. If the table may be missing, check catalog.has_table first.");
  }
  return std::move(*relation);
}

// FORCE ROW LEVEL SECURITY binds the owner too: row_security is off, so the server says no rather
// than give fewer rows.
[[noreturn]] void rethrow_copy(const Error& error, const QualifiedName& table) {
  if (error.sqlstate() != "42501" ||
      error.message().find("row-level security") == std::string::npos) {
    rethrow(error, fmt::format("cannot copy {}", table.display()));
  }
  throw Error{Code::refused, "row security hides rows of {} from this role", table.display()}
      .sqlstate(error.sqlstate())
      .hint(fmt::format("The table has FORCE ROW LEVEL SECURITY. Run as a role with BYPASSRLS, or "
                        "run ALTER TABLE {} NO FORCE ROW LEVEL SECURITY first.",
                        table.quoted()));
}

std::string column_list(const RowSet& set) {
  std::vector<std::string> names;
  for (const auto& column : set.columns) names.push_back(quote_identifier(column.name));
  return text::joined(names, ", ");
}

void copy_rows(db::Connection& connection, std::vector<RowSet>& sets, std::size_t index,
               const std::string& comment) {
  // Of a table that refers, rows that do not yet are copied too: should they refer later, it is
  // known what they were.
  RowSet& set = sets[index];
  try {
    connection.execute(fmt::format("CREATE TABLE {} AS SELECT {} FROM {}", set.copy.quoted(),
                                   column_list(set), set.table.quoted()));
  } catch (const Error& error) {
    rethrow_copy(error, set.table);
  }
  set.copy_oid = table_oid(connection, set.copy);
  make_private(connection, set.copy, comment);
  if (!set.key.empty()) {
    std::vector<std::string> key;
    for (const auto& column : set.key) key.push_back(quote_identifier(column.column));
    connection.execute(fmt::format("ALTER TABLE {} ADD PRIMARY KEY ({})", set.copy.quoted(),
                                   text::joined(key, ", ")));
  }
  const Checksum copied =
      checksum(connection, set.copy, set.columns, belongs(sets, index, Side::copy, "t"));
  const Checksum original =
      checksum(connection, set.table, set.columns, belongs(sets, index, Side::table, "t"));
  if (copied != original) {
    throw Error{Code::backup,
                "the copy of {} differs from the table: {} of {} rows, checksum {} of {}",
                set.table.display(),
                copied.rows,
                original.rows,
                copied.sum,
                original.sum};
  }
  set.rows = copied.rows;
  set.checksum = copied.sum;
}

QualifiedName given_name(db::Connection& connection, const QualifiedName& table,
                         const std::string& as) {
  QualifiedName name = QualifiedName::parse(as);
  if (name.schema.empty()) name.schema = table.schema;
  if (free_name(connection, name.schema, name.name, "") != name) {
    throw Error{Code::backup, "the name {} for the copy is already used", name.display()}.hint(
        fmt::format("Drop it (DROP TABLE {};) or choose another name: {{ as = … }}.",
                    name.quoted()));
  }
  return name;
}

}  // namespace

Snapshot snapshot(db::Connection& connection, const Origin& origin, const QualifiedName& table,
                  const SnapshotOptions& options) {
  require_transaction(connection, "a snapshot");
  const QualifiedName name = described(connection, table).name;
  const Pinned pinned{connection};
  require_owner(connection, {name}, "a snapshot of");
  lock(connection, {name});

  Manifest manifest;
  manifest.table = described(connection, name);
  require_plain(manifest.table, "a snapshot of");
  manifest.numbers = column_numbers(connection, manifest.table.oid);
  manifest.referrers = referrers(connection, manifest.table.oid);
  manifest.rows = row_sets(connection, manifest.table, options.refers);
  std::vector<QualifiedName> referring;
  for (std::size_t i = 1; i < manifest.rows.size(); ++i) {
    referring.push_back(manifest.rows[i].table);
  }
  require_owner(connection, referring, "a snapshot with the rows that refer to the table, here");
  if (!referring.empty()) lock(connection, referring);
  read_attached(connection, manifest);

  const std::string suffix = run_suffix(connection, origin);
  auto& own = manifest.rows.front();
  own.copy = options.as.empty()
                 ? free_name(connection, copies_schema(connection, origin), name.name, suffix)
                 : given_name(connection, name, options.as);
  for (std::size_t i = 0; i < manifest.rows.size(); ++i) {
    auto& set = manifest.rows[i];
    if (i > 0) {
      set.copy = free_name(connection, copies_schema(connection, origin),
                           own.copy.name + "_" + set.table.name, options.as.empty() ? "" : suffix);
    }
    const std::string by = origin.run.empty() ? "by engine" : "by engine, run " + origin.run;
    copy_rows(connection, manifest.rows, i,
              i == 0 ? fmt::format("Copy of {}, {}.", set.table.display(), by)
                     : fmt::format("Rows of {} that refer to {}, copied {}.", set.table.display(),
                                   name.display(), by));
  }

  Snapshot taken;
  taken.name = options.as.empty() ? own.copy.name : options.as;
  taken.table = {name, own.copy, own.rows};
  for (std::size_t i = 1; i < manifest.rows.size(); ++i) {
    const auto& set = manifest.rows[i];
    taken.referring.push_back({set.table, set.copy, set.rows});
  }
  taken.not_rebuilt = manifest.unsupported;
  for (auto& each : beyond_rights(connection, manifest)) taken.not_rebuilt.push_back(each);
  journal::SnapshotRow row;
  row.run = origin.run;
  row.step = origin.step;
  row.kind = "snapshot";
  row.name = taken.name;
  row.table_schema = name.schema;
  row.table_name = name.name;
  row.table_oid = manifest.table.oid;
  row.copy_schema = own.copy.schema;
  row.copy_name = own.copy.name;
  row.manifest = to_json(manifest);
  row.rows = own.rows;
  row.checksum = own.checksum;
  journal::Snapshots{connection, quote_identifier(origin.journal_schema)}.record(row);
  return taken;
}

}  // namespace engine::backup
