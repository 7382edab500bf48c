#include "hazard/rules/bodies.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"
#include "trace/words.h"

namespace engine::hazard {
namespace {

bool begins_as_sql(const std::string& literal) {
  static constexpr std::array<std::string_view, 9> verbs{"select ",   "insert ", "update ",
                                                         "delete ",   "with ",   "alter ",
                                                         "truncate ", "merge ",  "call "};
  const std::string start = text::lower(text::trimmed(literal));
  return std::any_of(verbs.begin(), verbs.end(),
                     [&](std::string_view verb) { return start.starts_with(verb); });
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class Scan {
 public:
  explicit Scan(const std::string& body)
      : body_(body),
        executes_(trace::mentions(body, "EXECUTE") || trace::mentions(body, "format")) {}

  std::string code() {
    while (at_ < body_.size()) {
      if (body_.compare(at_, 2, "--") == 0) {
        at_ = std::min(body_.find('\n', at_), body_.size());
      } else if (body_.compare(at_, 2, "/*") == 0) {
        const auto end = body_.find("*/", at_ + 2);
        at_ = end == std::string::npos ? body_.size() : end + 2;
      } else if (body_[at_] == '\'') {
        literal();
      } else {
        if (body_[at_] == ';') statement_ = code_.size();
        code_ += body_[at_++];
      }
    }
    return code_;
  }

 private:
  void literal() {
    const bool escapes = at_ > 0 && (body_[at_ - 1] == 'E' || body_[at_ - 1] == 'e') &&
                         (at_ < 2 || !is_word(body_[at_ - 2]));
    std::string inside;
    for (++at_; at_ < body_.size(); ++at_) {
      if (escapes && body_[at_] == '\\' && at_ + 1 < body_.size()) {
        ++at_;
      } else if (body_[at_] == '\'') {
        if (at_ + 1 >= body_.size() || body_[at_ + 1] != '\'') break;
        ++at_;
      }
      inside += body_[at_];
    }
    if (at_ < body_.size()) ++at_;
    const std::string_view before = std::string_view{code_}.substr(statement_);
    const bool executed = executes_ && (trace::mentions(before, "EXECUTE") ||
                                        trace::mentions(before, "format") || begins_as_sql(inside));
    code_ += executed ? " " + inside + " " : " ";
  }

  const std::string& body_;
  const bool executes_;
  std::string code_;
  std::size_t at_ = 0, statement_ = 0;  // where the statement begins in the code
};

}  // namespace

std::string code_of(const std::string& body) { return Scan{body}.code(); }

bool names(std::string_view code, const std::string& schema, const std::string& name) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  };
  for (auto at = code.begin();; ++at) {
    at = std::search(at, code.end(), name.begin(), name.end(), same);
    if (at == code.end()) return false;
    const auto end = at + static_cast<std::ptrdiff_t>(name.size());
    auto before = at;
    if (before != code.begin() && *(before - 1) == '"') --before;
    if ((end != code.end() && is_word(*end) && is_word(name.back())) ||
        (before != code.begin() && is_word(*(before - 1))))
      continue;
    if (schema.empty() || before == code.begin() || *(before - 1) != '.') return true;
    std::string_view prefix = code.substr(0, static_cast<std::size_t>(before - code.begin()) - 1);
    if (prefix.ends_with('"')) prefix.remove_suffix(1);
    if (prefix.size() >= schema.size() &&
        std::equal(schema.begin(), schema.end(),
                   prefix.end() - static_cast<std::ptrdiff_t>(schema.size()), same))
      return true;
  }
}

}  // namespace engine::hazard
