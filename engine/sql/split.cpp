#include <pg_query.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "sql/effect.h"
#include "sql/parser.h"
#include "sql/pieces.h"
#include "sql/refusal.h"
#include "sql/statement.h"

namespace engine::sql {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// Counts lines on the way, since statements come in their order.
class Splitter {
 public:
  explicit Splitter(const std::string& text) : text_(text) {}

  std::vector<Statement> split() {
    if (text_.size() > largest_sure || !add_parsed())
      for (const Piece& piece : pieces(text_)) add_piece(piece);
    return std::move(statements_);
  }

 private:
  /// False where the parser cannot read the text as a whole.
  bool add_parsed() {
    const Parsed parsed = parse(text_);
    if (!parsed.problem.empty()) return false;
    for (const ParsedStatement& one : parsed.statements) {
      Statement& statement = add(trimmed(text_, {one.begin, one.end}));
      classify(one.kind, one.node, statement);
    }
    return true;
  }

  Statement& add(Extent extent) {
    Statement& statement = statements_.emplace_back();
    statement.text = text_.substr(extent.begin, extent.end - extent.begin);
    statement.offset = extent.begin;
    statement.line = line_at(extent.begin);
    return statement;
  }

  void add_piece(const Piece& piece) {
    Statement& statement = add(piece.extent);
    if (piece.psql) {
      statement.tag = "psql";
      statement.refusal = Refusal::psql_meta_command;
      statement.instead =
          instead_of_psql(text_.substr(*piece.psql, piece.extent.end - *piece.psql));
      return;
    }
    const std::string sql = text_.substr(piece.sql.begin, piece.sql.end - piece.sql.begin);
    const Parsed parsed = parse(sql);
    if (parsed.problem.empty() && parsed.statements.size() == 1) {
      classify(parsed.statements.front().kind, parsed.statements.front().node, statement);
      return;
    }
    statement.tag = "unknown";
    statement.problem = parsed.problem.empty() ? "not one statement" : parsed.problem;
    statement.problem_at = piece.sql.begin + parsed.problem_at;
  }

  int line_at(std::size_t offset) {
    const auto at = [this](std::size_t count) {
      return text_.begin() + static_cast<std::ptrdiff_t>(count);
    };
    line_ += static_cast<int>(std::count(at(counted_), at(offset), '\n'));
    counted_ = offset;
    return line_;
  }

  const std::string& text_;
  std::vector<Statement> statements_;
  int line_ = 1;
  std::size_t counted_ = 0;
};

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

std::vector<Statement> split(std::string_view text) {
  std::string body{text};
  // An editor's mark, which psql skips as well; blanks in its place keep the offsets.
  if (text.starts_with(byte_order_mark)) {
    body.replace(0, byte_order_mark.size(), byte_order_mark.size(), ' ');
  }
  return Splitter{body}.split();
}

int grammar_version() {
  constexpr std::string_view version = PG_MAJORVERSION;
  int number = 0;
  std::from_chars(version.data(), version.data() + version.size(), number);
  return number;
}

Position position_of(std::string_view text, std::size_t offset) {
  Position position;
  for (const char c : text.substr(0, offset)) {
    if (c == '\n') {
      ++position.line;
      position.column = 1;
    } else if (!continues_character(c)) {
      ++position.column;
    }
  }
  return position;
}

std::size_t byte_offset(std::string_view text, std::size_t character) {
  std::size_t seen = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!continues_character(text[at]) && ++seen == character) return at;
  }
  return text.size();
}

}  // namespace engine::sql
