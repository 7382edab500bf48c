// Indexes as the catalog has them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/names.h"
#include "db/connection.h"
#include "runner/step/intent.h"

namespace engine::runner {

struct IndexNow {
  Oid oid = 0;
  Oid table = 0;
  Oid schema = 0;               // of the table, and so of the index
  std::string name;             // bare
  std::string quoted;           // for SQL
  std::string shown;            // for people
  bool valid = true;            // an index of a partitioned table is never called INVALID here
  bool building = false;        // INVALID, and another session builds indexes of its table
  std::vector<Oid> belongs_to;  // the table, those it is a partition of, the one it is TOAST of

  /// `_ccnew` and `_ccold`: what REINDEX CONCURRENTLY leaves when it is cut off.
  bool is_left_by_reindex() const;
  bool is_within(const Scope& scope) const;
};

struct TableNow {
  Oid oid = 0;
  Oid schema = 0;
  QualifiedName name;
};

/// By the session's search_path, as the server reads a statement.
std::optional<Oid> relation_oid(db::Connection& connection, const QualifiedName& name);
std::optional<Oid> schema_oid(db::Connection& connection, const std::string& name);
std::optional<TableNow> table_now(db::Connection& connection, const QualifiedName& name);

std::vector<IndexNow> indexes_of(db::Connection& connection, Oid table);
std::optional<IndexNow> index_now(db::Connection& connection, Oid index);
/// Of the whole database.
std::vector<IndexNow> invalid_indexes(db::Connection& connection);

/// Which of these indexes of a table are what CREATE INDEX makes: the same index is made on an
/// empty copy of the table, and the server prints both. Nothing of it stays.
std::vector<IndexNow> of_same_definition(db::Connection& connection, const std::string& create,
                                         const TableNow& table,
                                         const std::vector<IndexNow>& indexes);

/// For now: every transaction that has not begun yet has this id, or a later one.
StepBegun begun_now(db::Connection& connection);
/// Did an index stand before the step began? An entry of the catalog that an older transaction
/// wrote says so.
bool stood_before(db::Connection& connection, Oid index, const StepBegun& begun);

enum class Attachment { none, attached, detach_pending };
Attachment attachment(db::Connection& connection, Oid table, Oid partition);

}  // namespace engine::runner
