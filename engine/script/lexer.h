// Lua source as tokens with true lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace engine::script {

enum class TokenKind { name, keyword, number, text, symbol, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view spelling;  // in the source
  int line = 1;               // of its first character
  int last_line = 1;          // of its last
  int brackets = -1;          // of [[…]] 0, of [=[…]=] 1; of other tokens -1
  std::string value;          // of a text: what it says
  int value_line = 1;         // of a text: where what it says begins

  bool is(std::string_view what) const {
    return spelling == what && kind != TokenKind::text && kind != TokenKind::end;
  }
};

/// The tokens of Lua 5.1 as LuaJIT reads it, comments left out, with an `end` token last. Never
/// throws: where the source is broken it stops, and LuaJIT says why.
std::vector<Token> tokens_of(std::string_view source);

/// SHA-256 over the spellings of tokens: blanks and comments do not count.
std::string checksum_of(const std::vector<Token>& tokens, std::size_t begin, std::size_t end);

}  // namespace engine::script
