#include "sql/column_changes.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "sql/scanner.h"

namespace engine::sql {
namespace {

using Tokens = std::vector<Token>;

/// A command of the statement: its tokens outside of parentheses, and all of its text.
struct Action {
  Tokens tokens;
  std::size_t end = 0;
};

class ActionReader {
 public:
  explicit ActionReader(std::string_view text) : text_(text) {}

  std::vector<ColumnChange> changes() const {
    std::vector<ColumnChange> found;
    for (const Action& command : commands()) {
      if (word(command, 0, "ADD")) added(command, found);
      if (word(command, 0, "ALTER")) converted(command, found);
    }
    return found;
  }

 private:
  std::vector<Action> commands() const;
  void added(const Action& command, std::vector<ColumnChange>& found) const;
  void converted(const Action& command, std::vector<ColumnChange>& found) const;

  bool word(const Action& command, std::size_t at, std::string_view keyword) const {
    return at < command.tokens.size() && command.tokens[at].kind == TokenKind::word &&
           is_keyword(command.tokens[at].in(text_), keyword);
  }
  std::size_t find(const Action& command, std::size_t from, std::string_view keyword) const {
    while (from < command.tokens.size() && !word(command, from, keyword)) ++from;
    return from;
  }
  std::string name(const Action& command, std::size_t at) const {
    if (at >= command.tokens.size()) return "";
    const std::string written{command.tokens[at].in(text_)};
    if (!written.starts_with('"')) return text::lower(written);
    std::string plain;
    for (std::size_t i = 1; i + 1 < written.size(); ++i) {
      plain += written[i];
      if (written[i] == '"') ++i;
    }
    return plain;
  }

  std::string_view text_;
};

// ALTER TABLE [IF EXISTS] [ONLY] name [*] command, command …
std::vector<Action> ActionReader::commands() const {
  std::vector<Action> commands(1);
  int depth = 0;
  for (std::size_t at = 0;;) {
    const Token token = token_at(text_, at);
    if (token.kind == TokenKind::end || token.kind == TokenKind::semicolon) break;
    at = token.end;
    commands.back().end = at;
    if (token.kind == TokenKind::blank || token.kind == TokenKind::comment) continue;
    const std::string_view said = token.in(text_);
    if (said == "(" || said == "[") ++depth;
    if (depth == 0 && said == ",") {
      commands.back().end = token.begin;
      commands.emplace_back();
      continue;
    }
    if (depth == 0) commands.back().tokens.push_back(token);
    if (said == ")" || said == "]") --depth;
  }
  Action& first = commands.front();
  if (!word(first, 0, "ALTER") || !word(first, 1, "TABLE")) return {};
  std::size_t at = word(first, 2, "IF") ? 4 : 2;
  if (word(first, at, "ONLY")) ++at;
  ++at;
  while (at + 1 < first.tokens.size() && first.tokens[at].in(text_) == ".") at += 2;
  if (at < first.tokens.size() && first.tokens[at].in(text_) == "*") ++at;
  first.tokens.erase(
      first.tokens.begin(),
      first.tokens.begin() + static_cast<std::ptrdiff_t>(std::min(at, first.tokens.size())));
  return commands;
}

void ActionReader::added(const Action& command, std::vector<ColumnChange>& found) const {
  std::size_t at = 1;
  for (const char* other : {"CONSTRAINT", "CHECK", "UNIQUE", "PRIMARY", "FOREIGN", "EXCLUDE"}) {
    if (word(command, at, other)) return;
  }
  if (word(command, at, "COLUMN")) ++at;
  if (word(command, at, "IF")) at += 3;
  ColumnChange change;
  change.column = name(command, at);
  const std::size_t none = command.tokens.size();
  bool not_null = find(command, at, "PRIMARY") < none;
  for (std::size_t i = find(command, at, "NOT"); i < none; i = find(command, i + 1, "NOT"))
    not_null = not_null || word(command, i + 1, "NULL");
  constexpr std::array<std::string_view, 5> givers{"DEFAULT", "GENERATED", "SERIAL", "BIGSERIAL",
                                                   "SMALLSERIAL"};
  const bool given = std::any_of(givers.begin(), givers.end(), [&](std::string_view giver) {
    return find(command, at + 1, giver) < none;
  });
  change.wants_values = not_null && !given;
  found.push_back(std::move(change));
}

void ActionReader::converted(const Action& command, std::vector<ColumnChange>& found) const {
  const std::size_t at = word(command, 1, "COLUMN") ? 2 : 1;
  const bool converts = word(command, at + 1, "TYPE") ||
                        (word(command, at + 1, "SET") && word(command, at + 2, "DATA"));
  if (!converts) return;
  ColumnChange change;
  change.kind = ColumnChange::Kind::converted;
  change.column = name(command, at);
  const std::size_t expression = find(command, at + 2, "USING");
  if (expression < command.tokens.size()) {
    const std::size_t from = command.tokens[expression].end;
    change.using_expression = text::trimmed(text_.substr(from, command.end - from));
  }
  found.push_back(std::move(change));
}

}  // namespace

std::vector<ColumnChange> column_changes(std::string_view statement) {
  return ActionReader{statement}.changes();
}

}  // namespace engine::sql
