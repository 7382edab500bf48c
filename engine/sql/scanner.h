// SQL text as tokens, by PostgreSQL's lexical rules. It never fails: what a quote or a comment
// leaves open is one token up to the end.
#pragma once

#include <cstddef>
#include <string_view>

namespace engine::sql {

enum class TokenKind {
  blank,
  comment,
  word,    // an identifier or a keyword, unquoted
  quoted,  // 'text', E'text', "identifier", $$body$$ …
  number,
  semicolon,
  backslash,  // begins a command of psql
  other,
  end,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t begin = 0;
  std::size_t end = 0;

  std::string_view in(std::string_view text) const { return text.substr(begin, end - begin); }
};

/// The token that begins at `from`.
Token token_at(std::string_view text, std::size_t from);

/// Is it this keyword, in any case?
bool is_keyword(std::string_view word, std::string_view keyword);

/// A part of a text.
struct Extent {
  std::size_t begin = 0;
  std::size_t end = 0;

  bool empty() const { return begin >= end; }
};

/// Without the blanks and comments around it.
Extent trimmed(std::string_view text, Extent extent);

}  // namespace engine::sql
