#include "sql/parser.h"

#include <pg_query.h>

#include <utility>

#include "base/error.h"
#include "base/json_depth.h"
#include "base/stack.h"
#include "base/text.h"
#include "base/utf8.h"
#include "sql/scanner.h"
#include "sql/statement.h"

namespace engine::sql {
namespace {

// The library recurses with each level of the tree: at most 130 bytes of stack, and no level has
// less than two bytes of text.
constexpr std::size_t stack_for_a_byte = 128;
constexpr std::size_t stack_for_any = 256 * 1024;
// Ten times what a server takes with its default max_stack_depth. A level takes some 2 kB of
// memory.
constexpr std::size_t largest_tree = 1'000'000'000;
constexpr std::size_t deepest_tree = 100'000;

class Answer {
 public:
  explicit Answer(const std::string& text) : result_(pg_query_parse(text.c_str())) {}
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  ~Answer() { pg_query_free_parse_result(result_); }

  const PgQueryParseResult& operator*() const { return result_; }

 private:
  PgQueryParseResult result_;
};

Parsed refused(std::string problem, std::size_t at = 0) { return {{}, std::move(problem), at}; }

std::size_t number(const nlohmann::json& node, const char* key) {
  const auto found = node.find(key);
  return found == node.end() ? 0 : found->get<std::size_t>();
}

/// The library ends the process where the JSON of a tree exceeds 1 GB. No more than this many bytes
/// are written for a text: 110 for a name or a constant, 90 for an operator, 6 for a control
/// character.
std::size_t largest_json(const std::string& text) {
  std::size_t size = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Token token = token_at(text, at);
    at = token.end;
    if (token.kind == TokenKind::blank || token.kind == TokenKind::comment) continue;
    size += 110;
    if (token.kind != TokenKind::other) size += 6 * (token.end - token.begin);
  }
  return size;
}

Parsed read(const std::string& text) {
  const Answer answer{text};
  if (const PgQueryError* error = (*answer).error) {
    const auto character = error->cursorpos > 0 ? static_cast<std::size_t>(error->cursorpos) : 1;
    return refused(error->message, byte_offset(text, character));
  }
  // The tree of a sum has two levels of JSON a term.
  if (json_is_deeper_than((*answer).parse_tree, 2 * deepest_tree))
    return refused(
        fmt::format("more than {} operators, UNIONs or joins follow one another; write "
                    "several statements, = ANY (ARRAY[…]) or VALUES",
                    text::grouped(deepest_tree)));
  auto tree = nlohmann::json::parse((*answer).parse_tree, nullptr, false);
  if (tree.is_discarded()) return refused("its parse tree is unreadable");

  Parsed parsed;
  for (auto& raw : tree.at("stmts")) {
    const std::size_t begin = number(raw, "stmt_location");
    const std::size_t length = number(raw, "stmt_len");  // absent: to the end of the text
    auto& statement = raw.at("stmt");
    parsed.statements.push_back({begin, length == 0 ? text.size() : begin + length,
                                 statement.begin().key(), std::move(statement.begin().value())});
  }
  return parsed;
}

}  // namespace

Parsed parse(const std::string& text) {
  if (const auto at = text.find('\0'); at != std::string::npos) return refused("a NUL byte", at);
  if (!utf8::valid(text)) return refused("the text is not valid UTF-8");
  if (text.size() > largest_sure && largest_json(text) > largest_tree)
    return refused("the statement is too large; write several of fewer rows or parts");
  Parsed parsed;
  try {
    stack::with_room(stack_for_any + text.size() * stack_for_a_byte, [&] { parsed = read(text); });
  } catch (const Error& error) {
    if (error.code() != Code::memory) throw;
    return refused(fmt::format("the statement is too large: {}", error.message()));
  }
  return parsed;
}

}  // namespace engine::sql
