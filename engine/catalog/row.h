// One row of a catalog query; lists come as JSON arrays.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.h"
#include "catalog/relation.h"
#include "db/result.h"

namespace engine::catalog {

class Row {
 public:
  Row(const db::Result& result, std::size_t row) : result_(result), row_(row) {}

  std::string text(std::string_view column) const;  // "" where it is NULL
  const std::optional<std::string>& value(std::string_view column) const;
  char flag(std::string_view column) const;  // one character
  bool boolean(std::string_view column) const { return result_.boolean(row_, column); }
  std::int64_t integer(std::string_view column) const { return result_.integer(row_, column); }
  std::uint32_t oid(std::string_view column) const;
  /// From the columns `prefix`schema and `prefix`name.
  QualifiedName name(const std::string& prefix = "") const;

  // NULL is the empty list.
  std::vector<std::string> texts(std::string_view column) const;
  std::vector<int> integers(std::string_view column) const;
  std::vector<QualifiedName> names(std::string_view column) const;  // [[schema, name], …]
  std::vector<Grant> grants(
      std::string_view column) const;  // [[grantee, grantor, privilege, grantable], …]

 private:
  const db::Result& result_;
  std::size_t row_;
};

/// Calls `read(Row)` for each row.
template <typename Read>
void for_each_row(const db::Result& result, Read read) {
  for (std::size_t row = 0; row < result.size(); ++row) read(Row{result, row});
}

}  // namespace engine::catalog
