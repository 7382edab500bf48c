// INSERT … SELECT: which rows go where.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/names.h"

namespace engine::sql {

/// A table that the query names, as written: the schema may be empty.
struct ReadTable {
  QualifiedName name;
  std::size_t begin = 0, end = 0;  // of the name, in the query
  bool has_alias = false;
};

struct RowCopy {
  QualifiedName into;                // as written
  std::vector<std::string> columns;  // that are given; empty: as many as the query has
  std::string query;
  std::vector<ReadTable> reads;  // in the order of their places
  /// Of each value of the query, the column that it is, where it is nothing else and only one table
  /// is read; "" of any other. Empty: not known (SELECT *).
  std::vector<std::string> plain;
  bool whole = false;            // SELECT * of one table
  bool skips_conflicts = false;  // ON CONFLICT
  bool takes_values = false;     // $1
};

/// None of any other statement, and where the grammar does not know the text.
std::vector<RowCopy> row_copies(const std::string& statement);

struct TableRenamed {
  QualifiedName from;  // as written
  std::string to;
};

/// ALTER TABLE … RENAME TO.
std::vector<TableRenamed> renamed_tables(const std::string& statement);

}  // namespace engine::sql
