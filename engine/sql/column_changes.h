// What ALTER TABLE says of columns that the catalog does not tell afterwards.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace engine::sql {

struct ColumnChange {
  enum class Kind { added, converted };
  Kind kind = Kind::added;
  std::string column;            // as the catalog has it
  std::string using_expression;  // of a conversion; "" where none is given
  // Of one that is added: NOT NULL, with nothing that gives it a value.
  bool wants_values = false;
};

/// Of one statement; none of any other than ALTER TABLE.
std::vector<ColumnChange> column_changes(std::string_view statement);

}  // namespace engine::sql
