#include "base/secret_forms.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"

namespace engine::redactor {
namespace {

// A text that ends with so much of a secret is one that was cut without a mark.
constexpr std::size_t least_at_end = 12;
// PostgreSQL cuts names to 63 bytes, at a character.
constexpr std::size_t longest_name = 63, shortest_cut_name = 60;
constexpr std::ptrdiff_t most_ways =
    8;  // to write the same beginning: only long runs of backslashes have more
constexpr std::size_t most_backslashes = 4;  // an escape within an escape within one

bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::size_t blanks_from(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && blank(text[end])) ++end;
  return end - at;
}

/// The number that `digits` digits of that base are; nothing where others stand there.
std::optional<std::uint32_t> number_at(std::string_view text, std::size_t at, std::size_t digits,
                                       unsigned base) {
  if (digits == 0 || at + digits > text.size()) return std::nullopt;
  std::uint32_t number = 0;
  for (const char c : text.substr(at, digits)) {
    unsigned digit = 99;
    if (c >= '0' && c <= '9') digit = static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') digit = static_cast<unsigned>(c - 'A') + 10;
    if (digit >= base) return std::nullopt;
    number = number * base + digit;
  }
  return number;
}

/// The walk along a secret and a text: every place that can be reached, the least of the secret
/// first.
class Walk {
 public:
  Walk(std::string_view secret, std::string_view text) : secret_(secret), text_(text) {}

  Reach from(std::size_t begin, std::size_t at, std::size_t least) {
    begin_ = begin;
    Reach reach;
    open_ = {{begin, at}};
    while (!open_.empty()) {
      const auto [i, q] = open_.back();
      open_.pop_back();
      if (i == secret_.size()) {
        reach.whole = reach.whole == nowhere ? q : std::max(reach.whole, q);
        continue;
      }
      if (i - begin >= least && is_cut(at, q, i - begin))
        reach.cut = reach.cut == nowhere ? q : std::max(reach.cut, q);
      if (q < text_.size()) step(i, q);
    }
    return reach;
  }

 private:
  using Place = std::pair<std::size_t, std::size_t>;  // in the secret, in the text

  void reach(std::size_t i, std::size_t q) {
    const Place place{i, q};
    // The least last, where it is taken from.
    const auto found = std::lower_bound(open_.begin(), open_.end(), place, std::greater<>{});
    if (found != open_.end() && *found == place) return;
    const auto ways = std::count_if(open_.begin(), open_.end(),
                                    [&](const Place& other) { return other.first == i; });
    if (ways < most_ways) open_.insert(found, place);
  }

  bool is_cut(std::size_t at, std::size_t q, std::size_t followed) const {
    if (ellipsis_at(text_, q) > 0) return true;
    if (q == text_.size()) return followed >= least_at_end;
    if (text_[q] != '"' || at == 0) return false;
    const std::size_t quote = text_.rfind('"', at - 1);
    if (quote == nowhere) return false;
    const std::size_t length = q - quote - 1;
    return length >= shortest_cut_name && length <= longest_name;
  }

  void step(std::size_t i, std::size_t q) {
    const char c = secret_[i];
    const char t = text_[q];
    if (t == c) reach(i + 1, q + 1);
    if (blank(t) && blank(c)) {
      reach(i + blanks_from(secret_, i), q + blanks_from(text_, q));
    } else if (t == '\n' && i > begin_) {
      reach(i, q + blanks_from(text_, q));
    }
    const bool quotes = c == '\'' || c == '"' || c == '\\';
    // Once, and in a literal within a literal.
    for (const std::size_t times : {2u, 4u}) {
      if (quotes && text_.substr(q, times) == std::string(times, c)) reach(i + 1, q + times);
    }
    if (t == '+' && c == ' ') reach(i + 1, q + 1);
    if (t == '%') byte_at(i, number_at(text_, q + 1, 2, 16), q + 3);
    if (t == '&') entity(i, q);
    if (t == '\\') backslash(i, q);
  }

  void byte_at(std::size_t i, std::optional<std::uint32_t> code, std::size_t q) {
    if (code && *code == static_cast<unsigned char>(secret_[i])) reach(i + 1, q);
  }

  void character_at(std::size_t i, std::uint32_t code, std::size_t q) {
    const auto characters = utf8::characters(secret_.substr(i, 4));
    if (!characters.empty() && characters.front().valid && characters.front().code == code)
      reach(i + characters.front().bytes.size(), q);
  }

  void entity(std::size_t i, std::size_t q) {
    constexpr std::array<std::pair<std::string_view, char>, 5> names{
        {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
    for (const auto& [name, meant] : names) {
      if (secret_[i] == meant && text_.substr(q).starts_with(name)) reach(i + 1, q + name.size());
    }
    const std::size_t end = text_.substr(q, 12).find(';');
    if (end == nowhere || end < 3 || text_[q + 1] != '#') return;
    const bool hexadecimal = text_[q + 2] == 'x' || text_[q + 2] == 'X';
    const std::size_t first = hexadecimal ? 3 : 2;
    if (const auto code = number_at(text_, q + first, end - first, hexadecimal ? 16 : 10))
      character_at(i, *code, q + end + 1);
  }

  void backslash(std::size_t i, std::size_t q) {
    const char c = secret_[i];
    std::size_t count = 1;
    while (count < most_backslashes && q + count < text_.size() && text_[q + count] == '\\')
      ++count;
    if (c == '\\' && count == most_backslashes) reach(i + 1, q + count);
    const std::size_t letter = q + count;
    if (letter >= text_.size()) return;
    const char e = text_[letter];
    if (e == c && c != '\\') reach(i + 1, letter + 1);
    constexpr std::string_view letters = "ntrbfv", meant = "\n\t\r\b\f\v";
    if (const auto known = letters.find(e); known != nowhere && meant[known] == c)
      reach(i + 1, letter + 1);
    if (e == 'x') {
      const auto code = number_at(text_, letter + 1, 2, 16);
      byte_at(i, code, letter + 3);
      if (code && *code >= 0x80) character_at(i, *code, letter + 3);
    }
    byte_at(i, number_at(text_, letter, 3, 8), letter + 3);
    if (e == 'u' || e == 'U') unicode(i, letter);
  }

  void unicode(std::size_t i, std::size_t letter) {
    for (const std::size_t digits : {4u, 5u, 8u}) {
      if (const auto code = number_at(text_, letter + 1, digits, 16))
        character_at(i, *code, letter + 1 + digits);
    }
    const auto high = number_at(text_, letter + 1, 4, 16);
    if (!high || *high < 0xd800 || *high > 0xdbff) return;
    const std::size_t second = text_.find_first_not_of('\\', letter + 5);
    if (second == nowhere || second == letter + 5 || text_[second] != 'u') return;
    if (const auto low = number_at(text_, second + 1, 4, 16); low && *low >= 0xdc00)
      character_at(i, 0x10000 + ((*high - 0xd800) << 10) + (*low - 0xdc00), second + 5);
  }

  std::string_view secret_, text_;
  std::size_t begin_ = 0;
  std::vector<Place> open_;
};

std::string hexadecimal(std::string_view secret, bool upper) {
  std::string digits;
  for (const char c : secret) {
    const auto byte = static_cast<unsigned char>(c);
    digits += upper ? fmt::format("{:02X}", byte) : fmt::format("{:02x}", byte);
  }
  return digits;
}

/// The characters that do not depend on what stands before and behind, where `offset` bytes stand
/// before.
std::string base64(std::string_view secret, std::size_t offset) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string encoded;
  std::uint32_t bits = 0;
  unsigned held = static_cast<unsigned>(offset) * 8 % 6;
  for (const char c : secret) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    for (held += 8; held >= 6; held -= 6) encoded += alphabet[(bits >> (held - 6)) & 0x3f];
  }
  return encoded.substr(offset == 0 ? 0 : 1);
}

}  // namespace

std::size_t ellipsis_at(std::string_view text, std::size_t at) {
  for (const std::string_view mark : {"...", "…"}) {
    if (at < text.size() && text.substr(at).starts_with(mark)) return mark.size();
  }
  return 0;
}

Reach follow(std::string_view secret, std::size_t from, std::string_view text, std::size_t at,
             std::size_t least) {
  if (at >= text.size() || !may_begin(secret[from], text[at])) return {};
  return Walk{secret, text}.from(from, at, least);
}

bool may_begin(char secret, char written) {
  return secret == written || written == '\\' || written == '%' || written == '&' ||
         (blank(secret) && (blank(written) || written == '+'));
}

std::vector<std::string> derived(std::string_view secret) {
  constexpr std::size_t least = 8;  // shorter ones would be found by chance
  std::vector<std::string> forms{hexadecimal(secret, false), hexadecimal(secret, true)};
  for (const std::size_t offset : {0u, 1u, 2u}) forms.push_back(base64(secret, offset));
  if (secret.find('\n') != nowhere) {
    for (const std::string& line : text::lines(secret)) {
      // The first and the last line of a key are every key's.
      if (!line.starts_with("-----")) forms.push_back(text::trimmed(line));
    }
  }
  std::erase_if(forms, [](const std::string& form) { return form.size() < least; });
  return forms;
}

}  // namespace engine::redactor
