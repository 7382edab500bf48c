// UTF-8, one character at a time, invalid bytes included.
#pragma once

#include <string_view>
#include <vector>

namespace engine::utf8 {

struct Character {
  std::string_view bytes;
  char32_t code = 0;  // U+FFFD where invalid
  bool valid = true;
};

/// Overlong forms, surrogates and code points above U+10FFFF are invalid; an invalid character is
/// one byte.
std::vector<Character> characters(std::string_view text);

bool valid(std::string_view text);

/// Of a terminal, as East Asian Width has it: 0, 1 or 2.
int columns_of(char32_t code);

}  // namespace engine::utf8
