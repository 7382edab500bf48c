#include "report/excerpt.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/redactor.h"
#include "base/text.h"
#include "base/utf8.h"

namespace engine::report {
namespace {

constexpr std::size_t most_lines = 8;
constexpr std::size_t above_caret = 5;  // of these, where the statement has more

struct Caret {
  std::size_t line = 0, column = 0;
};

struct Lines {
  std::vector<std::string> raw;
  std::optional<std::size_t> caret_line;
  std::size_t caret_byte = 0;  // within that line
};

Lines split(std::string_view statement, std::optional<std::size_t> caret) {
  Lines lines;
  lines.raw.emplace_back();
  for (std::size_t at = 0; at < statement.size(); ++at) {
    if (caret == at) {
      lines.caret_line = lines.raw.size() - 1;
      lines.caret_byte = lines.raw.back().size();
    }
    const char c = statement[at];
    if (c == '\n') {
      lines.raw.emplace_back();
    } else if (c != '\r') {
      lines.raw.back() += c == '\t' ? ' ' : c;
    }
  }
  return lines;
}

bool blank(const std::string& line) { return line.find_first_not_of(' ') == std::string::npos; }

/// The first line begins where the statement does; what the others have in common is the plan's.
std::size_t indentation(const std::vector<std::string>& lines) {
  std::size_t common = std::string::npos;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (!blank(lines[i])) common = std::min(common, lines[i].find_first_not_of(' '));
  }
  return common == std::string::npos ? 0 : common;
}

std::optional<std::size_t> byte_of(std::string_view statement, int position) {
  if (position < 1) return std::nullopt;
  const auto characters = utf8::characters(statement);
  const auto index = static_cast<std::size_t>(position - 1);
  // The server points behind the last character where the statement ends too early.
  if (index >= characters.size()) return std::nullopt;
  return static_cast<std::size_t>(characters[index].bytes.data() - statement.data());
}

/// The part of a line around `column` that fits, and where the column then is.
std::string cut(const std::string& line, std::size_t columns, std::size_t& column) {
  if (text::width(line) <= columns) return line;
  if (column + 1 < columns) return text::shortened(line, columns);
  const std::size_t skipped = column - columns / 2;
  std::string rest;
  std::size_t at = 0, dropped = 0;
  for (const utf8::Character& character : utf8::characters(line)) {
    const std::size_t wide = text::width(character.bytes);
    if (at < skipped) {
      dropped += wide;
    } else {
      rest += character.bytes;
    }
    at += wide;
  }
  column -= dropped - 1;
  return "…" + text::shortened(rest, columns - 1);
}

std::string others(std::size_t count, const char* where) {
  return fmt::format("… {} {}", text::counted(static_cast<std::int64_t>(count), "line"), where);
}

}  // namespace

std::vector<std::string> excerpt(std::string_view statement, int position, std::size_t columns) {
  const std::string redacted = redactor::redact(statement);
  const bool moved = redacted != statement;
  Lines lines = split(redacted, moved ? std::nullopt : byte_of(redacted, position));
  while (!lines.raw.empty() && blank(lines.raw.back())) lines.raw.pop_back();
  if (lines.raw.empty()) return {};

  const std::size_t indent = indentation(lines.raw);
  std::optional<Caret> caret;
  for (std::size_t i = 0; i < lines.raw.size(); ++i) {
    std::string& line = lines.raw[i];
    const std::size_t off = i == 0 ? 0 : std::min(indent, line.size());
    if (lines.caret_line == i && lines.caret_byte >= off) {
      const std::string before = line.substr(off, lines.caret_byte - off);
      caret = Caret{i, text::width(text::printable(before))};
    }
    line = text::printable(line.substr(off));
    line.erase(line.find_last_not_of(' ') + 1);
  }

  std::size_t first = 0;
  if (caret && lines.raw.size() > most_lines && caret->line > above_caret) {
    first = std::min(caret->line - above_caret, lines.raw.size() - most_lines);
  }
  const std::size_t end = std::min(lines.raw.size(), first + most_lines);
  std::vector<std::string> shown;
  if (first > 0) shown.push_back(others(first, "above"));
  for (std::size_t i = first; i < end; ++i) {
    std::size_t column = caret && caret->line == i ? caret->column : 0;
    shown.push_back(cut(lines.raw[i], columns, column));
    if (caret && caret->line == i) shown.push_back(std::string(column, ' ') + "^");
  }
  if (end < lines.raw.size()) shown.push_back(others(lines.raw.size() - end, "more"));
  return shown;
}

}  // namespace engine::report
