#include "db/result.h"

#include <charconv>

#include "base/error.h"

namespace engine::db {

const std::optional<std::string>& Result::at(std::size_t row, std::size_t column) const {
  if (row >= rows_.size() || column >= columns_.size()) {
    throw Error{Code::internal,
                "no row {} column {} in a result of {} rows and {} columns",
                row,
                column,
                rows_.size(),
                columns_.size()};
  }
  return rows_[row][column];
}

const std::optional<std::string>& Result::at(std::size_t row, std::string_view column) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].name == column) return at(row, i);
  }
  throw Error{Code::internal, "no column {} in the result", column};
}

const std::string& Result::text(std::size_t row, std::string_view column) const {
  const auto& value = at(row, column);
  if (!value) throw Error{Code::internal, "column {} is NULL where it never should be", column};
  return *value;
}

std::int64_t Result::integer(std::size_t row, std::string_view column) const {
  const std::string& digits = text(row, column);
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (problem != std::errc{} || end != digits.data() + digits.size()) {
    throw Error{Code::internal, "column {} holds {}, not an integer", column, digits};
  }
  return value;
}

bool Result::boolean(std::size_t row, std::string_view column) const {
  return text(row, column) == "t";
}

}  // namespace engine::db
