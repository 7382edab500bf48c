#include "trace/words.h"

#include <algorithm>
#include <cctype>

namespace engine::trace {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

}  // namespace

std::string bare_name(const std::string& qualified) {
  return qualified.substr(qualified.rfind('.') + 1);
}

bool mentions(std::string_view text, std::string_view word) {
  if (word.empty()) return false;
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  for (auto at = text.begin();; ++at) {
    at = std::search(at, text.end(), word.begin(), word.end(), same);
    if (at == text.end()) return false;
    const auto end = at + static_cast<std::ptrdiff_t>(word.size());
    if ((at == text.begin() || !is_word(*(at - 1)) || !is_word(word.front())) &&
        (end == text.end() || !is_word(*end) || !is_word(word.back())))
      return true;
  }
}

bool rewrote(const StatementTrace& statement) {
  return std::any_of(statement.nested.begin(), statement.nested.end(),
                     [](const Nested& nested) { return nested.event == "rewrite"; });
}

}  // namespace engine::trace
