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

constexpr std::size_t least_wrapped = 24;  // columns of a cell that wraps
constexpr std::size_t least_beside = 16;   // columns of a value beside its label
constexpr std::size_t most_lines = 4;      // of a row that wraps

/// Cells wrapped to their columns, line by line.
std::string aligned(const Cells& cells, const std::vector<std::size_t>& widths,
                    const std::vector<bool>& right, std::size_t indent) {
  std::vector<Cells> parts;
  std::size_t height = 1;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    parts.push_back(text::width(cells[i]) > widths[i] ? wrap(cells[i], widths[i])
                                                      : Cells{cells[i]});
    height = std::max(height, parts.back().size());
  }
  std::string lines;
  for (std::size_t at = 0; at < height; ++at) {
    std::string line(indent, ' ');
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string part = at < parts[i].size() ? parts[i][at] : "";
      const std::string gap(widths[i] - std::min(widths[i], text::width(part)), ' ');
      if (i > 0) line += "  ";
      line += right[i] ? gap + part : part + gap;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines += line + "\n";
  }
  return lines;
}

/// Takes columns from the widest ones until the table fits; false where too little would be left.
bool narrow(std::vector<std::size_t>& widths, const std::vector<bool>& right,
            const std::vector<Cells>& body, std::size_t room) {
  std::size_t total = widths.empty() ? 0 : 2 * (widths.size() - 1);
  for (const std::size_t width : widths) total += width;
  const std::vector<std::size_t> natural = widths;
  for (; total > room; --total) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (right[i] || widths[i] <= least_wrapped) continue;
      if (widest == widths.size() || widths[i] > widths[widest]) widest = i;
    }
    if (widest == widths.size()) return false;
    --widths[widest];
  }
  return std::all_of(body.begin(), body.end(), [&](const Cells& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (widths[i] < natural[i] && text::width(cells[i]) > widths[i] &&
          wrap(cells[i], widths[i]).size() > most_lines)
        return false;
    return true;
  });
}

std::string one_block_a_row(const Cells& columns, const std::vector<Cells>& rows,
                            std::size_t indent, std::size_t width) {
  std::size_t label = 0;
  for (const std::string& column : columns) label = std::max(label, text::width(column));
  // A label that leaves its value no room has a line of its own.
  const bool beside = indent + label + 2 + least_beside <= width;
  const std::size_t start = beside ? indent + label + 2 : indent + 2;
  const std::size_t room = width > start ? width - start : 0;
  std::string result;
  for (const Cells& row : rows) {
    if (!result.empty()) result += "\n";
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::string head = std::string(indent, ' ') + columns[i];
      if (!beside) {
        for (const std::string& line : wrap(columns[i], width > indent ? width - indent : 0))
          result += std::string(indent, ' ') + line + "\n";
        head.clear();
        if (row[i].empty()) continue;
      }
      for (const std::string& line : wrap(row[i], room)) {
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

  const auto columns_there = static_cast<std::size_t>(std::max(width, 0));
  if (!narrow(widths, right, body, columns_there > indent ? columns_there - indent : 0))
    return one_block_a_row(head, body, indent, columns_there);

  std::string result = aligned(head, widths, right, indent);
  Cells rule;
  for (const std::size_t column : widths) rule.push_back(std::string(column, '-'));
  result += aligned(rule, widths, right, indent);
  for (const Cells& cells : body) result += aligned(cells, widths, right, indent);
  return result;
}

}  // namespace engine::report
