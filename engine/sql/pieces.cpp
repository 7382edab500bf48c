#include "sql/pieces.h"

namespace engine::sql {
namespace {

// Where the scan stands within one statement. A function's body in SQL, BEGIN ATOMIC … END, has
// semicolons of its own, and CASE … END within it.
class Nesting {
 public:
  void see(std::string_view text, const Token& token) {
    const std::string_view word = token.in(text);
    if (token.kind == TokenKind::word) {
      if (first_.empty()) first_ = word;
      if (is_keyword(word, "atomic") && is_keyword(previous_, "begin") &&
          is_keyword(first_, "create")) {
        ++blocks_;
      } else if (blocks_ > 0 && is_keyword(word, "case")) {
        ++blocks_;
      } else if (blocks_ > 0 && is_keyword(word, "end")) {
        --blocks_;
      }
    } else if (word == "(") {
      ++parentheses_;
    } else if (word == ")" && parentheses_ > 0) {
      --parentheses_;
    }
    previous_ = word;
  }

  bool outermost() const { return blocks_ == 0 && parentheses_ == 0; }

 private:
  std::string_view first_;
  std::string_view previous_;
  int blocks_ = 0;
  int parentheses_ = 0;
};

std::size_t after_line(std::string_view text, std::size_t at) {
  const std::size_t end = text.find('\n', at);
  return end == std::string_view::npos ? text.size() : end + 1;
}

bool reads_from_client(std::string_view text, Extent extent) {
  std::string_view previous;
  bool copy = false;
  bool from_stdin = false;
  for (std::size_t at = extent.begin; at < extent.end;) {
    const Token token = token_at(text, at);
    const std::string_view word = token.in(text);
    if (at == extent.begin) copy = is_keyword(word, "copy");
    if (is_keyword(previous, "from") && is_keyword(word, "stdin")) from_stdin = true;
    if (token.kind != TokenKind::blank && token.kind != TokenKind::comment) previous = word;
    at = token.end;
  }
  return copy && from_stdin;
}

// The rows behind COPY … FROM stdin, as pg_dump writes them, up to and including the line "\.".
std::optional<std::size_t> rows_end(std::string_view text, std::size_t at) {
  for (at = after_line(text, at); at < text.size(); at = after_line(text, at)) {
    std::string_view line = text.substr(at, after_line(text, at) - at);
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    if (line == "\\.") return at + line.size();
  }
  return std::nullopt;
}

}  // namespace

std::vector<Piece> pieces(std::string_view text) {
  std::vector<Piece> found;
  std::size_t begin = 0;
  Nesting nesting;
  const auto close = [&](std::size_t end, std::size_t next) {
    const Extent extent = trimmed(text, {begin, end});
    if (!extent.empty()) found.push_back({extent, extent, {}});
    begin = next;
    nesting = {};
  };

  for (std::size_t at = 0; at < text.size();) {
    const Token token = token_at(text, at);
    at = token.end;
    switch (token.kind) {
      case TokenKind::semicolon: {
        if (!nesting.outermost()) break;
        const std::size_t before = found.size();
        close(token.begin, token.end);
        if (found.size() == before || !reads_from_client(text, found.back().extent)) break;
        if (const auto end = rows_end(text, token.end)) {
          found.back().extent.end = at = begin = *end;
        }
        break;
      }
      case TokenKind::backslash: {
        const std::size_t line = text.find_first_of("\r\n", at);
        at = line == std::string_view::npos ? text.size() : line;
        // Not trimmed at its end: what looks like a comment there is an argument for psql.
        const Extent extent = trimmed(text, {begin, token.end});
        found.push_back({{extent.begin, at}, {extent.begin, at}, token.begin});
        begin = at;
        nesting = {};
        break;
      }
      case TokenKind::blank:
      case TokenKind::comment:
        break;
      case TokenKind::word:
      case TokenKind::quoted:
      case TokenKind::number:
      case TokenKind::other:
      case TokenKind::end:
        nesting.see(text, token);
    }
  }
  close(text.size(), text.size());
  return found;
}

}  // namespace engine::sql
