#include "script/asked.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"

namespace engine::script {
namespace {

using Kind = event::Ask::Kind;

const std::map<std::string_view, Kind> kinds{{"confirm", Kind::confirm},
                                             {"choice", Kind::choice},
                                             {"text", Kind::text},
                                             {"secret", Kind::secret}};

/// Reads `ask.text "…"` and `ask.text { "…", name = "…" }`, where what it gives is literal.
class QuestionReader {
 public:
  QuestionReader(const std::vector<Token>& tokens, std::size_t at) : tokens_(tokens), at_(at) {}

  event::Ask read(Kind kind) {
    ask_.kind = kind;
    if (token().is("(")) ++at_;
    if (token().is("{")) {
      ++at_;
      fields();
    } else {
      ask_.text = literal().value_or("");
    }
    if (ask_.text.empty()) computed_ = computed_ || ask_.name.empty();
    if (ask_.name.empty() && !computed_) ask_.name = question_name(ask_.text);
    return ask_;
  }

 private:
  const Token& token() const { return tokens_[std::min(at_, tokens_.size() - 1)]; }
  const Token& next() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  bool over() const { return token().kind == TokenKind::end; }

  /// A text that nothing is appended to; else the expression is passed over.
  std::optional<std::string> literal() {
    const bool whole = token().kind == TokenKind::text && !next().is("..") && !next().is(":");
    if (whole) return tokens_[at_++].value;
    skip();
    return std::nullopt;
  }

  /// Up to the comma or the brace that ends this value.
  void skip() {
    for (int depth = 0; !over(); ++at_) {
      const Token& now = token();
      if (now.is("{") || now.is("(") || now.is("[") || now.is("function")) ++depth;
      if (depth == 0 && (now.is(",") || now.is(";") || now.is("}") || now.is(")"))) return;
      if (now.is("}") || now.is(")") || now.is("]") || now.is("end")) --depth;
    }
  }

  void fields() {
    while (!over() && !token().is("}")) {
      if (token().is(",") || token().is(";")) {
        ++at_;
      } else if (token().kind == TokenKind::name && next().is("=")) {
        const std::string_view key = token().spelling;
        at_ += 2;
        field(key);
      } else if (const auto text = literal(); text && ask_.text.empty()) {
        ask_.text = *text;
      }
    }
  }

  void field(std::string_view key) {
    if (key == "choices" && token().is("{")) return choices();
    if (key == "default" && (token().is("true") || token().is("false"))) {
      ask_.preset = token().is("true") ? "yes" : "no";
      ++at_;
      return;
    }
    const auto text = literal();
    if (key == "name") {
      ask_.name = text.value_or("");
      computed_ = computed_ || !text;
    }
    if (key == "text") ask_.text = text.value_or("");
    if (key == "default") ask_.preset = text;
  }

  /// "keep", or { "keep", "what that means" }.
  void choices() {
    ++at_;
    while (!over() && !token().is("}")) {
      if (token().is(",") || token().is(";")) {
        ++at_;
      } else if (token().is("{")) {
        ++at_;
        const auto choice = literal();
        if (token().is(",")) ++at_;
        const auto means = literal();
        if (choice) ask_.choices.push_back(*choice);
        if (choice && means) ask_.text += "\n  " + *choice + ": " + *means;
        skip();
        if (token().is("}")) ++at_;
      } else if (const auto choice = literal()) {
        ask_.choices.push_back(*choice);
      }
    }
    if (!over()) ++at_;
  }

  const std::vector<Token>& tokens_;
  std::size_t at_;
  event::Ask ask_;
  bool computed_ = false;
};

void add_asked(const Chunk& chunk, std::set<std::string>& seen, std::vector<Asked>& found) {
  const std::vector<Token>& tokens = chunk.outline.tokens;
  for (std::size_t i = 0; i + 3 < tokens.size(); ++i) {
    const bool field = i > 0 && (tokens[i - 1].is(".") || tokens[i - 1].is(":"));
    // `ask = "…"` is the text of an input or of a manual step.
    if (field || !tokens[i].is("ask") || tokens[i + 1].is("=")) continue;
    const auto kind = tokens[i + 1].is(".") ? kinds.find(tokens[i + 2].spelling) : kinds.end();
    // Handed to somebody, who may ask anything.
    event::Ask ask =
        kind == kinds.end() ? event::Ask{} : QuestionReader{tokens, i + 3}.read(kind->second);
    if (!ask.name.empty() && !seen.insert(ask.name).second) continue;
    found.push_back({std::move(ask), {chunk.file, tokens[i].line}});
  }
}

}  // namespace

std::vector<Asked> asked_by(const Sources& sources) {
  std::set<std::string> seen;
  std::vector<Asked> found;
  for (const auto& [name, chunk] : sources.chunks()) add_asked(chunk, seen, found);
  return found;
}

std::string question_name(std::string_view text) {
  std::string name;
  for (const char c : text::lower(text)) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (word) name += c;
    if (!word && !name.empty() && name.back() != '_') name += '_';
  }
  while (name.ends_with('_')) name.pop_back();
  return name;
}

}  // namespace engine::script
