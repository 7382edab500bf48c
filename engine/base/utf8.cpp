#include "base/utf8.h"

#include <utf8proc.h>

#include <algorithm>

namespace engine::utf8 {
namespace {

constexpr char32_t replacement = 0xfffd;

Character next(std::string_view text) {
  utf8proc_int32_t code = 0;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto size = static_cast<utf8proc_ssize_t>(text.size());
  const utf8proc_ssize_t length = utf8proc_iterate(bytes, size, &code);
  if (length <= 0) return {text.substr(0, 1), replacement, false};
  return {text.substr(0, static_cast<std::size_t>(length)), static_cast<char32_t>(code), true};
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

int columns_of(char32_t code) { return utf8proc_charwidth(static_cast<utf8proc_int32_t>(code)); }

}  // namespace engine::utf8
