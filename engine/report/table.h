// Rows as a text table.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace engine::report {

/// Columns aligned, numbers to the right, null as NULL. Where the table is wider than `width`, its
/// widest columns wrap; where that leaves too little of them, each row is shown as a block. No line
/// is wider than `width`, down to 20 columns. Every cell is made safe to show: breaks are escaped.
std::string table(const std::vector<std::string>& columns,
                  const std::vector<std::vector<std::optional<std::string>>>& rows,
                  std::size_t indent, int width);

}  // namespace engine::report
