// The rows of a table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"
#include "verify/subject.h"

namespace engine::verify {

/// How many: exactly, or between two bounds.
struct Count {
  std::optional<std::int64_t> at_least;
  std::optional<std::int64_t> at_most;

  static Count exactly(std::int64_t count) { return {count, count}; }
  bool holds(std::int64_t count) const;
  std::string phrase() const;  // "3 rows", "at least 1 row", "1 to 3 rows"
};

/// `where` is a condition in SQL; empty: every row that the current role sees.
event::Outcome has_rows(db::Connection& connection, const Subject& subject, const Count& count,
                        const std::string& where);

/// The same rows as the other table, however often each, in whatever order. Compared are the
/// columns given, else every column of the other table: what the subject has beside them does not
/// count. Values are compared as text. One round trip where the rows are the same (counts and
/// checksums), two where they are not (how many differ, both ways).
event::Outcome has_rows_of(db::Connection& connection, const Subject& subject, const Subject& other,
                           const std::vector<std::string>& columns);

}  // namespace engine::verify
