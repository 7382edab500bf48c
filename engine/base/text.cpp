#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>
#include <utility>

#include "base/redactor.h"
#include "base/utf8.h"

namespace engine::text {
namespace {

/// Letters left out, added, replaced, or two neighbours swapped.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before;
  std::vector<std::size_t> above;
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0u);
  for (std::size_t i = 0; i < a.size(); ++i) {
    before = std::exchange(above, row);
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      row[j + 1] = std::min({above[j + 1] + 1, row[j] + 1, above[j] + (a[i] == b[j] ? 0u : 1u)});
      if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j])
        row[j + 1] = std::min(row[j + 1], before[j - 1] + 1);
    }
  }
  return row[b.size()];
}

bool between(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

bool is_unsafe(char32_t c) {
  return c < 0x20 || between(c, 0x7f, 0x9f) ||                        // C0, DEL, C1
         between(c, 0x200b, 0x200f) || between(c, 0x202a, 0x202e) ||  // zero width, bidirectional
         between(c, 0x2060, 0x2069) || c == 0x061c || c == 0xfeff || between(c, 0xe0000, 0xe007f);
}

std::string escaped(char32_t c) {
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  return c < 0x100 ? fmt::format("\\x{:02x}", static_cast<unsigned>(c))
                   : fmt::format("\\u{:04x}", static_cast<unsigned>(c));
}

}  // namespace

std::optional<std::string> nearest(std::string_view written,
                                   const std::vector<std::string>& known) {
  const std::string wanted = lower(written);
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  for (const std::string& word : known) {
    const std::size_t d = distance(wanted, lower(word));
    if (d < best_distance) best_distance = d, best = word;
  }
  return best;
}

std::string did_you_mean(std::string_view written, const std::vector<std::string>& known) {
  const auto word = nearest(written, known);
  return word ? fmt::format("; did you mean \"{}\"?", *word) : "";
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t start = number < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > start + 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string bytes(std::int64_t count) {
  constexpr std::array units{"B", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(count);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  return fmt::format("{:.{}f} {}", value, unit < 2 ? 0 : 1, units[unit]);
}

std::string counted(std::int64_t count, std::string_view noun) {
  if (count == 1) return fmt::format("1 {}", noun);
  const bool ends_in_y =
      noun.size() > 1 && noun.back() == 'y' &&
      std::string_view{"aeiou"}.find(noun[noun.size() - 2]) == std::string_view::npos;
  const bool hisses = !noun.empty() && (noun.back() == 's' || noun.back() == 'x' ||
                                        noun.ends_with("ch") || noun.ends_with("sh"));
  if (ends_in_y) return fmt::format("{} {}ies", grouped(count), noun.substr(0, noun.size() - 1));
  return fmt::format("{} {}{}", grouped(count), noun, hisses ? "es" : "s");
}

std::string joined(const std::vector<std::string>& words, std::string_view between_words) {
  return fmt::format("{}", fmt::join(words, between_words));
}

std::string listed(const std::vector<std::string>& words, std::string_view last) {
  if (words.empty()) return "";
  std::string text = words.front();
  for (std::size_t i = 1; i < words.size(); ++i) {
    text += i + 1 == words.size() ? fmt::format(" {} {}", last, words[i]) : ", " + words[i];
  }
  return text;
}

std::vector<std::string> lines(std::string_view text) {
  std::vector<std::string> result;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    result.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return result;
}

std::string trimmed(std::string_view text) {
  const auto blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return std::string{text};
}

std::string lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

std::string printable(std::string_view text, bool keep_lines) {
  std::string result;
  result.reserve(text.size());
  for (const utf8::Character& character : utf8::characters(text)) {
    if (!character.valid) {
      for (const char byte : character.bytes)
        result += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    } else if (is_unsafe(character.code) &&
               !(keep_lines && (character.code == '\n' || character.code == '\t'))) {
      result += escaped(character.code);
    } else {
      result += character.bytes;
    }
  }
  return result;
}

std::size_t width(std::string_view text) {
  std::size_t columns = 0;
  for (const utf8::Character& c : utf8::characters(text))
    columns += static_cast<std::size_t>(utf8::columns_of(c.code));
  return columns;
}

std::string shortened(std::string_view text, std::size_t columns) {
  const std::string redacted = redactor::redact(text);
  if (width(redacted) <= columns) return redacted;
  std::string result;
  std::size_t used = 1;  // the ellipsis
  for (const utf8::Character& c : utf8::characters(redacted)) {
    used += static_cast<std::size_t>(utf8::columns_of(c.code));
    if (used > columns) break;
    result += c.bytes;
  }
  return result + "…";
}

}  // namespace engine::text
