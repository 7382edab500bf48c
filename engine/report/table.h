// Rows as a text table.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace engine::report {

/// Columns aligned, numbers to the right, null as NULL; a table wider than `width` is shown as
/// one block a row. Every cell is made safe to show and stays one line: breaks are escaped.
std::string table(const std::vector<std::string>& columns,
                  const std::vector<std::vector<std::optional<std::string>>>& rows,
                  std::size_t indent, int width);

}  // namespace engine::report
