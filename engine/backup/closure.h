// What hangs on a table: keys, the rows that refer to it, and what falls with it by DROP … CASCADE.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "backup/manifest.h"
#include "db/connection.h"

namespace engine::backup {

/// A foreign key with the operators that its check uses.
struct ForeignKey {
  std::uint32_t oid = 0;
  std::string name;
  QualifiedName child, parent;
  std::uint32_t child_oid = 0, parent_oid = 0;
  char on_delete = 'a';  // as in confdeltype: a, r, c, n, d
  bool validated = true;
  std::vector<Link::Pair> pairs;
};

/// Every foreign key that one of the tables carries or is referred to by; those of single
/// partitions are left out.
std::vector<ForeignKey> foreign_keys(db::Connection& connection,
                                     const std::vector<std::uint32_t>& tables);

/// The table's row set without a copy yet, and with `refers` those of every table whose rows would
/// be deleted or emptied with its rows (ON DELETE CASCADE, SET NULL, SET DEFAULT), and theirs.
std::vector<RowSet> row_sets(db::Connection& connection, const catalog::Relation& table,
                             bool refers);

/// Tables with a foreign key to the table, by quoted name.
std::map<std::string, std::uint32_t> referrers(db::Connection& connection, std::uint32_t table);

/// 0: there is no such table.
std::uint32_t table_oid(db::Connection& connection, const QualifiedName& table);

/// Attribute numbers of the live columns.
std::map<std::string, int> column_numbers(db::Connection& connection, std::uint32_t table);

/// Fills `attached` and `unsupported`. The settings are pinned: definitions are printed in full.
void read_attached(db::Connection& connection, Manifest& manifest);

/// What falls with the table and would come back, but belongs to a role that this one is no member
/// of: "view public.v (belongs to ann)".
std::vector<std::string> beyond_rights(db::Connection& connection, const Manifest& manifest);

/// The routine as it stands; nothing where no such signature exists.
std::optional<Routine> read_routine(db::Connection& connection, const std::string& signature);

}  // namespace engine::backup
