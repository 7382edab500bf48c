// PostgreSQL's own parser, as JSON. Private to sql.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace engine::sql {

struct ParsedStatement {
  std::size_t begin = 0;  // bytes; blanks and comments may stand around the statement
  std::size_t end = 0;
  std::string kind;     // "SelectStmt"
  nlohmann::json node;  // its fields; false, zero and empty ones are absent
};

struct Parsed {
  std::vector<ParsedStatement> statements;
  std::string problem;         // the parser's words; empty where it read the text
  std::size_t problem_at = 0;  // byte offset
};

/// A text no larger than this is never too large to be parsed. Of larger ones it depends on what
/// they say.
constexpr std::size_t largest_sure = 8 << 20;

Parsed parse(const std::string& text);

}  // namespace engine::sql
