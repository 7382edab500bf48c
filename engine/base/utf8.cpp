#include "base/utf8.h"

#include <algorithm>

namespace engine::utf8 {
namespace {

constexpr char32_t replacement = 0xfffd;

int length_of(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  if (first >= 0xf0 && first <= 0xf4) return 4;
  return 0;
}

Character next(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto length = static_cast<std::size_t>(length_of(byte(0)));
  const Character invalid{text.substr(0, 1), replacement, false};
  if (length == 0 || length > text.size()) return invalid;
  if (length == 1) return {text.substr(0, 1), byte(0), true};
  char32_t code = byte(0) & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return invalid;
    code = (code << 6) | (byte(i) & 0x3fu);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (overlong || surrogate || code > 0x10ffff) return invalid;
  return {text.substr(0, length), code, true};
}

}  // namespace

std::vector<Character> characters(std::string_view text) {
  std::vector<Character> result;
  result.reserve(text.size());
  while (!text.empty()) {
    result.push_back(next(text));
    text.remove_prefix(result.back().bytes.size());
  }
  return result;
}

bool valid(std::string_view text) {
  const auto all = characters(text);
  return std::all_of(all.begin(), all.end(), [](const Character& c) { return c.valid; });
}

}  // namespace engine::utf8
