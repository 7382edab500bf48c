#include "sql/row_copies.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "sql/node.h"
#include "sql/parser.h"
#include "sql/scanner.h"
#include "sql/tree.h"

namespace engine::sql {
namespace {

using nlohmann::json;

std::size_t place_of(const json& node) {
  const auto found = node.find("location");
  return found == node.end() ? 0 : found->get<std::size_t>();
}

/// Calls with each node of that kind, wherever it stands.
template <typename Call>
void each(const json& node, const std::string& kind, Call call) {
  for_each_member(node, [&](const std::string& key, const json& value) {
    if (key == kind) call(value);
    return true;
  });
}

/// The tokens that are neither blanks nor comments, and how deep in parentheses they stand.
struct Placed {
  Token token;
  int depth = 0;
};

std::vector<Placed> tokens_of(std::string_view sql) {
  std::vector<Placed> found;
  int depth = 0;
  for (std::size_t at = 0;;) {
    const Token token = token_at(sql, at);
    if (token.kind == TokenKind::end) return found;
    at = token.end;
    if (token.kind == TokenKind::blank || token.kind == TokenKind::comment) continue;
    if (token.in(sql) == ")") --depth;
    found.push_back({token, depth});
    if (token.in(sql) == "(") ++depth;
  }
}

bool is_word(std::string_view sql, const Placed& placed, std::string_view keyword) {
  return placed.depth == 0 && placed.token.kind == TokenKind::word &&
         is_keyword(placed.token.in(sql), keyword);
}

/// From its first word to what INSERT says behind it; empty where it begins otherwise.
Extent query_in(std::string_view sql, const std::vector<Placed>& tokens) {
  const auto begins = [&](const Placed& placed) {
    return is_word(sql, placed, "SELECT") || is_word(sql, placed, "WITH");
  };
  auto first = std::find_if(tokens.begin(), tokens.end(), begins);
  if (first == tokens.end()) return {};
  Extent query{first->token.begin, sql.size()};
  for (auto at = first; at != tokens.end(); ++at) {
    const bool conflict =
        is_word(sql, *at, "ON") && at + 1 != tokens.end() && is_word(sql, *(at + 1), "CONFLICT");
    if (!conflict && !is_word(sql, *at, "RETURNING") && at->token.kind != TokenKind::semicolon)
      continue;
    query.end = at->token.begin;
    break;
  }
  return trimmed(sql, query);
}

/// Where a name that begins there ends: "a" . "b"
std::size_t end_of_name(const std::vector<Placed>& tokens, std::string_view sql,
                        std::size_t begin) {
  auto at = std::find_if(tokens.begin(), tokens.end(),
                         [&](const Placed& placed) { return placed.token.begin >= begin; });
  if (at == tokens.end()) return begin;
  while (at + 2 < tokens.end() && (at + 1)->token.in(sql) == ".") at += 2;
  return at->token.end;
}

std::string plain_column(const json& value) {
  const auto reference = value.find("ColumnRef");
  if (reference == value.end()) return "";
  const json& fields = children(*reference, "fields");
  if (fields.empty() || !fields.back().contains("String")) return "";
  return text(fields.back().at("String"), "sval");
}

void add_values(const json& select, RowCopy& copy) {
  const bool one = copy.reads.size() == 1;
  const json& targets = children(select, "targetList");
  for (const json& target : targets) {
    const json& value = target.at("ResTarget").at("val");
    const auto reference = value.find("ColumnRef");
    if (reference != value.end() && children(*reference, "fields").back().contains("A_Star")) {
      copy.whole = one && targets.size() == 1;
      copy.plain.clear();
      return;
    }
    copy.plain.push_back(one ? plain_column(value) : "");
  }
}

RowCopy copy_of(const std::string& sql, const ParsedStatement& statement) {
  RowCopy copy;
  const json& select = statement.node.at("selectStmt").at("SelectStmt");
  copy.into = relation_name(statement.node.at("relation"));
  for (const json& column : children(statement.node, "cols"))
    copy.columns.push_back(text(column.at("ResTarget"), "name"));
  copy.skips_conflicts = statement.node.contains("onConflictClause");
  const std::vector<Placed> tokens = tokens_of(sql);
  const Extent extent = query_in(sql, tokens);
  copy.query = sql.substr(extent.begin, extent.end - extent.begin);
  std::set<std::string> own;  // of WITH
  each(select, "CommonTableExpr", [&](const json& node) { own.insert(text(node, "ctename")); });
  each(select, "RangeVar", [&](const json& node) {
    const QualifiedName name = relation_name(node);
    if (name.schema.empty() && own.contains(name.name)) return;
    const std::size_t begin = place_of(node);
    if (begin < extent.begin) return;
    copy.reads.push_back({name, begin - extent.begin,
                          end_of_name(tokens, sql, begin) - extent.begin, node.contains("alias")});
  });
  std::sort(copy.reads.begin(), copy.reads.end(),
            [](const ReadTable& one, const ReadTable& other) { return one.begin < other.begin; });
  each(select, "ParamRef", [&](const json&) { copy.takes_values = true; });
  add_values(select, copy);
  return copy;
}

}  // namespace

std::vector<RowCopy> row_copies(const std::string& statement) {
  std::vector<RowCopy> found;
  for (const ParsedStatement& each : parse(statement).statements) {
    if (each.kind != "InsertStmt" || each.node.contains("withClause")) continue;
    const auto select = each.node.find("selectStmt");
    if (select == each.node.end() || select->at("SelectStmt").contains("valuesLists")) continue;
    RowCopy copy = copy_of(statement, each);
    if (!copy.query.empty() && !copy.reads.empty()) found.push_back(std::move(copy));
  }
  return found;
}

std::vector<TableRenamed> renamed_tables(const std::string& statement) {
  std::vector<TableRenamed> found;
  for (const ParsedStatement& each : parse(statement).statements) {
    if (each.kind == "RenameStmt" && text(each.node, "renameType") == "OBJECT_TABLE")
      found.push_back({relation_name(each.node.at("relation")), text(each.node, "newname")});
  }
  return found;
}

}  // namespace engine::sql
