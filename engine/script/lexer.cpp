#include "script/lexer.h"

#include <array>
#include <cctype>

#include "base/hash.h"

namespace engine::script {
namespace {

bool is_name_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }

constexpr std::array<std::string_view, 21> keywords{
    "and",   "break", "do",  "else", "elseif", "end",    "false", "for",  "function", "if",   "in",
    "local", "nil",   "not", "or",   "repeat", "return", "then",  "true", "until",    "while"};

constexpr std::array<std::string_view, 8> symbols{"...", "..", "==", "~=", "<=", ">=", "::", "//"};

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {
    if (source_.starts_with("\xEF\xBB\xBF"))
      position_ = 3;  // a byte order mark, as LuaJIT skips it
    if (at() == '#') skip_line();
  }

  std::vector<Token> run() {
    while (!stopped_ && skip_blanks()) read_token();
    Token last;
    last.line = last.last_line = line_;
    tokens_.push_back(last);
    return std::move(tokens_);
  }

 private:
  char at(std::size_t offset = 0) const {
    return position_ + offset < source_.size() ? source_[position_ + offset] : '\0';
  }
  bool done() const { return position_ >= source_.size(); }

  void advance() {
    if (at() == '\n') ++line_;
    ++position_;
  }
  void skip_line() {
    while (!done() && at() != '\n') ++position_;
  }

  /// Of `[[` or `[==[` here: the number of equals signs; else -1.
  int bracket_level(std::size_t offset) const {
    if (at(offset) != '[') return -1;
    std::size_t equals = 0;
    while (at(offset + 1 + equals) == '=') ++equals;
    return at(offset + 1 + equals) == '[' ? static_cast<int>(equals) : -1;
  }

  /// Goes past a long bracket of that level; gives what is inside. Without an end it stops.
  std::string_view read_brackets(int level, int& inner_line) {
    const auto width = static_cast<std::size_t>(level) + 2;
    position_ += width;
    if (at() == '\r' && at(1) == '\n') ++position_;
    if (at() == '\n') advance();
    inner_line = line_;
    const std::size_t begin = position_;
    const std::string closing = "]" + std::string(static_cast<std::size_t>(level), '=') + "]";
    const std::size_t close = source_.find(closing, begin);
    stopped_ = close == std::string_view::npos;
    const std::size_t stop = stopped_ ? source_.size() : close;
    while (position_ < stop) advance();
    if (!stopped_) position_ += width;
    return source_.substr(begin, stop - begin);
  }

  bool skip_blanks() {
    while (!done()) {
      if (std::isspace(static_cast<unsigned char>(at())) != 0) {
        advance();
      } else if (at() == '-' && at(1) == '-') {
        const int level = bracket_level(2);
        position_ += 2;
        int ignored = 0;
        if (level >= 0) {
          read_brackets(level, ignored);
        } else {
          skip_line();
        }
      } else {
        return true;
      }
    }
    return false;
  }

  void read_token() {
    Token token;
    token.line = line_;
    const std::size_t begin = position_;
    const int level = bracket_level(0);
    if (is_name_start(at())) {
      while (is_name_part(at())) ++position_;
      token.kind = TokenKind::name;
      for (const std::string_view keyword : keywords)
        if (source_.substr(begin, position_ - begin) == keyword) token.kind = TokenKind::keyword;
    } else if (is_digit(at()) || (at() == '.' && is_digit(at(1)))) {
      read_number();
      token.kind = TokenKind::number;
    } else if (at() == '"' || at() == '\'') {
      token.kind = TokenKind::text;
      token.value_line = line_;
      token.value = read_quoted();
    } else if (level >= 0) {
      token.kind = TokenKind::text;
      token.brackets = level;
      token.value = read_brackets(level, token.value_line);
    } else {
      token.kind = TokenKind::symbol;
      position_ += symbol_length();
    }
    token.spelling = source_.substr(begin, position_ - begin);
    token.last_line = line_;
    tokens_.push_back(std::move(token));
  }

  std::size_t symbol_length() const {
    for (const std::string_view symbol : symbols)
      if (source_.substr(position_).starts_with(symbol)) return symbol.size();
    return 1;
  }

  void read_number() {
    while (is_name_part(at()) || at() == '.' ||
           ((at() == '+' || at() == '-') && is_exponent(source_[position_ - 1])))
      ++position_;
  }
  bool is_exponent(char c) const { return c == 'e' || c == 'E' || c == 'p' || c == 'P'; }

  /// Escapes matter to titles only: the simple ones are read, others stay as they are written.
  std::string read_quoted() {
    const char quote = at();
    std::string value;
    ++position_;
    while (!done() && at() != quote) {
      if (at() == '\n') break;
      if (at() == '\\') {
        ++position_;
        value += at() == 'n' ? '\n' : at() == 't' ? '\t' : at();
      } else {
        value += at();
      }
      advance();
    }
    stopped_ = at() != quote;
    if (!stopped_) ++position_;
    return value;
  }

  std::string_view source_;
  std::size_t position_ = 0;
  int line_ = 1;
  bool stopped_ = false;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view source) { return Lexer{source}.run(); }

std::string checksum_of(const std::vector<Token>& tokens, std::size_t begin, std::size_t end) {
  std::string all;
  for (std::size_t i = begin; i < end; ++i) {
    all += tokens[i].spelling;
    all += '\0';
  }
  return hash::sha256(all);
}

}  // namespace engine::script
