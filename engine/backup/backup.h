// Backups of tables within their database: taken, put back, dropped, listed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backup/naming.h"
#include "backup/rows.h"
#include "base/names.h"
#include "db/connection.h"

namespace engine::backup {

struct SnapshotOptions {
  /// The copy's name, in the table's schema unless it names another; empty: a name per run in the
  /// copies' schema.
  std::string as;
  /// With the rows of other tables that a DELETE would take along or empty (CASCADE, SET NULL, SET
  /// DEFAULT).
  bool refers = true;
};

struct CopiedRows {
  QualifiedName table, copy;
  std::int64_t rows = 0;
};

struct Snapshot {
  std::string name;  // what restore() and drop() take
  CopiedRows table;
  std::vector<CopiedRows> referring;
  std::vector<std::string> not_rebuilt;  // dependents that a DROP … CASCADE would take for good
};

/// Copies the rows and records everything that makes the table that table. In the caller's
/// transaction: the tables are locked against writing until it ends. Nobody but the owner may read
/// the copies. Throws Error{missing_object} for no such table, Error{refused} naming the right that
/// the role lacks, Error{backup} where no exact backup can be taken (partitions, inheritance, a
/// name that is taken).
Snapshot snapshot(db::Connection& connection, const Origin& origin, const QualifiedName& table,
                  const SnapshotOptions& options = {});

struct RestoredRows {
  QualifiedName table;
  std::int64_t rows = 0;  // as they are again
  RowCounts changes;
  std::optional<QualifiedName> saved;  // rows written since; nothing where there were none
  std::int64_t saved_rows = 0;
};

struct Restored {
  std::string name;
  bool rebuilt = false;  // the table was gone
  RestoredRows table;
  std::vector<RestoredRows> referring;
  std::optional<QualifiedName> moved_aside;  // what had taken the table's name
  // Keys and policies of tables that were retired since: unretire() puts them back.
  std::vector<std::string> left_detached;
  /// "public.t is as it was: 5,000 rows (3 put back, 7 changed back, 30 removed); 37 rows written
  /// since are in …".
  std::string sentence() const;
};

struct RestoreOptions {
  std::string since;  // the name for rows written since; empty: per run in the copies' schema
};

/// Brings definition, rows and dependents back and proves it by fingerprint and checksum, or throws
/// Error{backup} with every difference. In the caller's transaction, which must then roll back.
Restored restore(db::Connection& connection, const Origin& origin, const std::string& name,
                 const RestoreOptions& options = {});

/// Drops the copies. Throws Error{missing_object} for no such backup, naming the nearest.
void drop(db::Connection& connection, const Origin& origin, const std::string& name);

struct Kept {
  std::optional<QualifiedName> table;  // nothing where there were no such rows
  std::int64_t rows = 0;
};

struct KeepOptions {
  std::vector<std::string> columns;  // empty: all
  std::string where;                 // what stands behind WHERE; empty: every row
};

/// Copies rows to a table of the copies' schema before something takes them, under a lock against
/// writing until the transaction ends. Throws as snapshot().
Kept keep(db::Connection& connection, const Origin& origin, const QualifiedName& table,
          const KeepOptions& options = {});

struct Entry {
  std::string name, kind, run, created_at, status;  // kind: snapshot, retired
  QualifiedName table, copy;
  std::int64_t rows = 0;
};

/// Newest first; dropped ones are left out.
std::vector<Entry> list(db::Connection& connection, const Origin& origin);

struct Retired {
  QualifiedName table, now;
  std::vector<std::string> detached;  // outbound foreign keys, policies that name other tables
  std::vector<std::string> readers;   // what still reads it: "view public.v"
};

/// Moves the table out of the way instead of dropping it: rows, rights, triggers, sequences and
/// keys of other tables to it stay; what would let other tables empty it, or keep them from being
/// dropped, is detached.
Retired retire(db::Connection& connection, const Origin& origin, const QualifiedName& table);

/// Moves it back and proves by fingerprint that it is what it was. Throws Error{backup} where its
/// name is taken.
QualifiedName unretire(db::Connection& connection, const Origin& origin, const std::string& table);

}  // namespace engine::backup
