#include "report/layout.h"

#include <algorithm>

#include "base/redactor.h"
#include "base/text.h"
#include "base/utf8.h"

namespace engine::report {
namespace {

constexpr std::size_t least_columns = 16;  // narrower text cannot be read

void wrap_line(std::string_view line, std::size_t columns, std::vector<std::string>& lines) {
  std::string current;
  std::size_t used = 0;
  std::size_t break_at = std::string::npos;  // byte offset of the last space of `current`
  for (const utf8::Character& character : utf8::characters(line)) {
    const std::size_t wide = text::width(character.bytes);
    if (used + wide > columns && !current.empty()) {
      std::string rest;
      if (character.code != ' ' && break_at != std::string::npos && break_at > 0) {
        rest = current.substr(break_at + 1);
        current.resize(break_at);
      }
      lines.push_back(std::move(current));
      current = std::move(rest);
      used = text::width(current);
      break_at = std::string::npos;
      if (character.code == ' ') continue;
    }
    if (character.code == ' ') break_at = current.size();
    current += character.bytes;
    used += wide;
  }
  lines.push_back(std::move(current));
}

}  // namespace

std::string shown(std::string_view raw) { return text::printable(redactor::redact(raw), true); }

std::string shown_on_one_line(std::string_view raw) {
  std::string line;
  for (const char c : redactor::redact(raw)) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return text::printable(line);
}

std::string first_line_shown(std::string_view raw) {
  const std::string redacted = redactor::redact(raw);
  return shown_on_one_line(redacted.substr(0, redacted.find('\n')));
}

std::string pad(std::string text, std::size_t columns, char with) {
  const std::size_t used = text::width(text);
  if (used < columns) text.append(columns - used, with);
  return text;
}

std::vector<std::string> wrap(std::string_view text, std::size_t columns) {
  columns = std::max(columns, least_columns);
  std::vector<std::string> lines;
  for (const std::string& line : text::lines(redactor::redact(text)))
    wrap_line(line, columns, lines);
  if (lines.empty()) lines.emplace_back();
  return lines;
}

std::string elided(std::string_view raw, std::size_t columns) {
  const std::string text = redactor::redact(raw);
  if (text::width(text) <= columns) return text;
  const std::size_t tail = columns / 3;
  const auto characters = utf8::characters(text);
  std::size_t used = 0;
  std::size_t from = characters.size();
  while (from > 0 && used + text::width(characters[from - 1].bytes) <= tail) {
    used += text::width(characters[--from].bytes);
  }
  std::string end;
  for (; from < characters.size(); ++from) end += characters[from].bytes;
  // Its ellipsis is the one of the whole.
  return text::shortened(text, columns - used) + end;
}

std::string labelled(std::size_t indent, std::string_view label, std::string_view text,
                     std::size_t columns) {
  if (text.empty()) return "";
  const std::size_t start = indent + label_columns;
  const std::size_t room = columns > start ? columns - start : 0;
  std::string result;
  for (const std::string& line : wrap(text, room)) {
    const std::string head =
        result.empty() ? std::string(indent, ' ') + std::string{label} : std::string{};
    result += line.empty() ? head : pad(head, start) + line;
    result += '\n';
  }
  return result;
}

}  // namespace engine::report
