#include "sql/scanner.h"

#include <algorithm>

namespace engine::sql {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
// Any byte of a multi-byte character may stand in an identifier.
bool begins_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<signed char>(c) < 0;
}
bool continues_word(char c) { return begins_word(c) || is_digit(c) || c == '$'; }

std::size_t word_end(std::string_view text, std::size_t at) {
  while (at < text.size() && continues_word(text[at])) ++at;
  return at;
}

std::size_t line_end(std::string_view text, std::size_t at) {
  return std::min(text.find_first_of("\r\n", at), text.size());
}

// Comments nest. One that is not closed is no comment but an error for the parser to name.
std::size_t comment_end(std::string_view text, std::size_t at) {
  int depth = 0;
  while (at < text.size()) {
    const auto two = text.substr(at, 2);
    if (two == "/*") {
      ++depth;
      at += 2;
    } else if (two == "*/") {
      at += 2;
      if (--depth == 0) return at;
    } else {
      ++at;
    }
  }
  return std::string_view::npos;
}

std::size_t quote_end(std::string_view text, std::size_t at, bool backslashes) {
  const char quote = text[at];
  for (++at; at < text.size(); ++at) {
    if (backslashes && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      if (at + 1 >= text.size() || text[at + 1] != quote) return at + 1;
      ++at;
    }
  }
  return text.size();
}

// $$ or $tag$; nothing where the dollar begins no such quote.
std::string_view dollar_tag(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  if (end < text.size() && begins_word(text[end])) {
    while (end < text.size() && continues_word(text[end]) && text[end] != '$') ++end;
  }
  return end < text.size() && text[end] == '$' ? text.substr(at, end + 1 - at) : std::string_view{};
}

// E'…', B'…', X'…', N'…', U&'…' and U&"…": where the quote stands behind the prefix, else npos.
std::size_t prefixed_quote(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at, 3);
  if (rest.size() < 2) return std::string_view::npos;
  const std::string_view prefixes = "eEbBxXnN";
  if (rest[1] == '\'' && prefixes.find(rest[0]) != std::string_view::npos) return at + 1;
  if (rest.size() == 3 && (rest[0] == 'u' || rest[0] == 'U') && rest[1] == '&' &&
      (rest[2] == '\'' || rest[2] == '"')) {
    return at + 2;
  }
  return std::string_view::npos;
}

}  // namespace

Token token_at(std::string_view text, std::size_t from) {
  if (from >= text.size()) return {TokenKind::end, text.size(), text.size()};
  const auto token = [&](TokenKind kind, std::size_t end) { return Token{kind, from, end}; };
  const char c = text[from];
  if (is_blank(c)) {
    std::size_t end = from;
    while (end < text.size() && is_blank(text[end])) ++end;
    return token(TokenKind::blank, end);
  }
  if (text.substr(from, 2) == "--") return token(TokenKind::comment, line_end(text, from));
  if (text.substr(from, 2) == "/*") {
    const std::size_t end = comment_end(text, from);
    if (end == std::string_view::npos) return token(TokenKind::other, text.size());
    return token(TokenKind::comment, end);
  }
  if (c == '\'' || c == '"') return token(TokenKind::quoted, quote_end(text, from, false));
  if (const std::size_t quote = prefixed_quote(text, from); quote != std::string_view::npos) {
    return token(TokenKind::quoted, quote_end(text, quote, c == 'e' || c == 'E'));
  }
  if (c == '$') {
    if (const std::string_view tag = dollar_tag(text, from); !tag.empty()) {
      const std::size_t close = text.find(tag, from + tag.size());
      return token(TokenKind::quoted,
                   close == std::string_view::npos ? text.size() : close + tag.size());
    }
  }
  if (begins_word(c)) return token(TokenKind::word, word_end(text, from));
  if (is_digit(c)) {
    std::size_t end = from;
    while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
    return token(TokenKind::number, end);
  }
  if (c == ';') return token(TokenKind::semicolon, from + 1);
  if (c == '\\') return token(TokenKind::backslash, from + 1);
  return token(TokenKind::other, from + 1);
}

bool is_keyword(std::string_view word, std::string_view keyword) {
  return std::equal(word.begin(), word.end(), keyword.begin(), keyword.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b);
  });
}

Extent trimmed(std::string_view text, Extent extent) {
  const std::string_view within = text.substr(0, extent.end);
  Extent found{extent.end, extent.end};
  for (std::size_t at = extent.begin; at < extent.end;) {
    const Token token = token_at(within, at);
    if (token.kind != TokenKind::blank && token.kind != TokenKind::comment) {
      found.begin = std::min(found.begin, token.begin);
      found.end = token.end;
    }
    at = token.end;
  }
  if (found.begin == extent.end) return {extent.end, extent.end};
  return found;
}

}  // namespace engine::sql
