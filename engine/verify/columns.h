// Columns of a table or view.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "verify/subject.h"

namespace engine::verify {

/// What is said of a column; what is not said is not compared. A default is compared with what the
/// server prints, see sql/expression.h; an empty one means that there is none.
struct ColumnSpec {
  std::string name;
  std::optional<std::string> type;
  std::optional<bool> null;
  std::optional<std::string> default_expression;
  std::optional<std::string> comment;
  std::optional<bool> generated;
  std::optional<bool> identity;
};

/// Throws Error{argument} for a type or a default that PostgreSQL's grammar does not know.
void check_column(const ColumnSpec& spec);

event::Outcome has_column(const Subject& subject, const ColumnSpec& spec);
event::Outcome has_no_column(const Subject& subject, const std::string& column);
/// These and no others; their order is not compared, for an altered table's differs from a fresh
/// one's.
event::Outcome columns_are(const Subject& subject, const std::vector<ColumnSpec>& specs);

}  // namespace engine::verify
