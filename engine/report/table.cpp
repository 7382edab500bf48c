#include "report/table.h"

#include <algorithm>

#include "base/redactor.h"
#include "base/text.h"
#include "report/layout.h"

namespace engine::report {
namespace {

using Cells = std::vector<std::string>;

constexpr const char* null = "NULL";

/// On one line as it is: a break or a tab is escaped, spaces count.
std::string shown_cell(const std::optional<std::string>& value) {
  return value ? text::printable(redactor::redact(*value)) : null;
}

/// A sign first at most: a date, or a run's id without letters, is none.
bool numeric(const std::string& cell) {
  if (cell.empty()) return true;
  const std::size_t digits = cell.front() == '-' || cell.front() == '+' ? 1 : 0;
  return cell.size() > digits &&
         cell.find_first_not_of("0123456789.,", digits) == std::string::npos;
}

std::string aligned(const Cells& cells, const std::vector<std::size_t>& widths,
                    const std::vector<bool>& right, std::size_t indent) {
  std::string line(indent, ' ');
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string gap(widths[i] - text::width(cells[i]), ' ');
    if (i > 0) line += "  ";
    line += right[i] ? gap + cells[i] : cells[i] + gap;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string one_block_a_row(const Cells& columns, const std::vector<Cells>& rows,
                            std::size_t indent, std::size_t width) {
  std::size_t label = 0;
  for (const std::string& column : columns) label = std::max(label, text::width(column));
  const std::size_t start = indent + label + 2;
  std::string result;
  for (const Cells& row : rows) {
    if (!result.empty()) result += "\n";
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::string head = std::string(indent, ' ') + columns[i];
      for (const std::string& line : wrap(row[i], width > start ? width - start : 0)) {
        std::string whole = pad(std::move(head), start) + line;
        whole.erase(whole.find_last_not_of(' ') + 1);
        result += whole + "\n";
        head.clear();
      }
    }
  }
  return result;
}

}  // namespace

std::string table(const std::vector<std::string>& columns,
                  const std::vector<std::vector<std::optional<std::string>>>& rows,
                  std::size_t indent, int width) {
  Cells head;
  for (const std::string& column : columns) head.push_back(shown_on_one_line(column));
  std::vector<Cells> body;
  std::vector<std::size_t> widths;
  for (const std::string& column : head) widths.push_back(text::width(column));
  std::vector<bool> right(head.size(), !rows.empty());
  for (const auto& row : rows) {
    Cells& cells = body.emplace_back();
    for (std::size_t i = 0; i < head.size(); ++i) {
      const auto value = i < row.size() ? row[i] : "";
      cells.push_back(shown_cell(value));
      widths[i] = std::max(widths[i], text::width(cells.back()));
      if (value && !numeric(*value)) right[i] = false;
    }
  }

  std::size_t total = indent + 2 * (head.empty() ? 0 : head.size() - 1);
  for (const std::size_t column : widths) total += column;
  if (total > static_cast<std::size_t>(std::max(width, 0))) {
    return one_block_a_row(head, body, indent, static_cast<std::size_t>(std::max(width, 0)));
  }

  std::string result = aligned(head, widths, right, indent);
  Cells rule;
  for (const std::size_t column : widths) rule.push_back(std::string(column, '-'));
  result += aligned(rule, widths, right, indent);
  for (const Cells& cells : body) result += aligned(cells, widths, right, indent);
  return result;
}

}  // namespace engine::report
