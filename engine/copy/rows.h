// Rows from one table into another of the same database, in one statement.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/names.h"
#include "db/connection.h"

namespace engine::copy {

/// What a column of the target gets.
struct Mapping {
  enum class Kind {
    value,    // a column of the source, else an SQL expression over its columns
    preset,   // its default, which it must have
    skipped,  // nothing is given: its default, or NULL
  };
  std::string column;
  Kind kind = Kind::value;
  std::string source;  // of a value
};

struct RowsOptions {
  QualifiedName from, into;
  /// Nothing: columns of the same name. Every column of the target must be in it, but generated
  /// ones.
  std::optional<std::vector<Mapping>> columns;
  std::string where;  // over the source's columns; "" for all rows
  bool skip_conflicts =
      false;  // rows whose key the target has are left out; else they are an error
};

struct Copied {
  std::int64_t rows = 0;
  std::string statement;
};

/// Everything that can be known beforehand is checked before the first row: names, that no column
/// is forgotten, types (EXPLAIN). Row security raises an error instead of hiding rows. Throws
/// Error{copy}, Error{missing_object}.
Copied rows(db::Connection& connection, const RowsOptions& options);

}  // namespace engine::copy
