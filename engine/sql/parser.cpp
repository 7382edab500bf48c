#include "sql/parser.h"

#include <pg_query.h>

#include <utility>

#include "base/utf8.h"
#include "sql/statement.h"

namespace engine::sql {
namespace {

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

}  // namespace

Parsed parse(const std::string& text) {
  if (const auto at = text.find('\0'); at != std::string::npos) return refused("a NUL byte", at);
  if (!utf8::valid(text)) return refused("the text is not valid UTF-8");

  const Answer answer{text};
  if (const PgQueryError* error = (*answer).error) {
    const auto character = error->cursorpos > 0 ? static_cast<std::size_t>(error->cursorpos) : 1;
    return refused(error->message, byte_offset(text, character));
  }
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

}  // namespace engine::sql
