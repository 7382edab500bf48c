#include "script/syntax.h"

#include <algorithm>

#include "script/lexer.h"

namespace engine::script {
namespace {

/// The line of the `]]` that ended a [[…]] which was meant to go on: another `]]` follows it before
/// any `[[`, and the chunk broke at or soon after it. 0: none.
int early_bracket(const std::string& source, int broken_line) {
  const std::vector<Token> tokens = tokens_of(source);
  for (const Token& token : tokens) {
    if (token.brackets != 0 || broken_line < token.last_line) continue;
    const auto end =
        static_cast<std::size_t>(token.spelling.data() + token.spelling.size() - source.data());
    const std::size_t close = source.find("]]", end);
    if (close == std::string::npos || close > source.find("[[", end)) continue;
    const auto close_line =
        token.last_line + std::count(source.begin() + static_cast<std::ptrdiff_t>(end),
                                     source.begin() + static_cast<std::ptrdiff_t>(close), '\n');
    if (broken_line <= close_line) return token.last_line;
  }
  return 0;
}

}  // namespace

Error syntax_error(const Error& said, const std::string& source) {
  const Source at = said.source();
  if (const int line = early_bracket(source, at.line); line > 0)
    return Error{Code::plan_invalid, "a ]] inside [[ … ]] ends the string too early"}
        .hint("Write [=[ … ]=] around a string that contains ]].")
        .at({at.file, line});
  return said;
}

}  // namespace engine::script
