#include "sql/recoverable.h"

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "sql/node.h"
#include "sql/parser.h"
#include "sql/scanner.h"

namespace engine::sql {
namespace {

using nlohmann::json;

std::optional<ParsedStatement> only_statement(const std::string& text) {
  Parsed parsed = parse(text);
  if (parsed.statements.size() != 1) return std::nullopt;
  return std::move(parsed.statements.front());
}

CreateIndex create_of(const json& node) {
  return {text(node, "idxname"), relation_name(node.at("relation")), node.contains("concurrent"),
          node.contains("if_not_exists")};
}

DropIndex drop_of(const json& node) {
  DropIndex drop;
  for (const json& object : children(node, "objects")) {
    std::vector<std::string> words;
    for (const json& word : children(object.at("List"), "items"))
      words.push_back(text(word.at("String"), "sval"));
    drop.indexes.push_back({words.size() > 1 ? words[words.size() - 2] : "", words.back()});
  }
  drop.concurrently = node.contains("concurrent");
  drop.if_exists = node.contains("missing_ok");
  drop.cascade = text(node, "behavior") == "DROP_CASCADE";
  return drop;
}

ReindexConcurrently reindex_of(const json& node) {
  using Of = ReindexConcurrently::Of;
  const std::string kind = text(node, "kind");
  if (kind == "REINDEX_OBJECT_INDEX") return {Of::index, relation_name(node.at("relation"))};
  if (kind == "REINDEX_OBJECT_TABLE") return {Of::table, relation_name(node.at("relation"))};
  if (kind == "REINDEX_OBJECT_SCHEMA") return {Of::schema, {"", text(node, "name")}};
  return {Of::database, {}};
}

std::optional<Recoverable> detach_of(const json& node) {
  const json& commands = children(node, "cmds");
  if (commands.size() != 1) return std::nullopt;
  const json& command = commands.front().at("AlterTableCmd");
  if (text(command, "subtype") != "AT_DetachPartition") return std::nullopt;
  const json& partition = command.at("def").at("PartitionCmd");
  if (!partition.contains("concurrent")) return std::nullopt;
  return DetachConcurrently{relation_name(node.at("relation")),
                            relation_name(partition.at("name"))};
}

std::size_t past_blanks(std::string_view text, std::size_t at) {
  for (Token token = token_at(text, at);; token = token_at(text, token.end)) {
    if (token.kind != TokenKind::blank && token.kind != TokenKind::comment) return token.begin;
  }
}

// Where a name that begins at `at` ends: a, a.b, "a" . U&"b!0061" UESCAPE '!'.
std::size_t name_end(std::string_view text, std::size_t at) {
  for (;;) {
    std::size_t end = token_at(text, at).end;
    const Token next = token_at(text, past_blanks(text, end));
    if (is_keyword(next.in(text), "uescape")) end = token_at(text, past_blanks(text, next.end)).end;
    const Token dot = token_at(text, past_blanks(text, end));
    if (dot.in(text) != ".") return end;
    at = past_blanks(text, dot.end);
  }
}

void forget_places(json& node) {
  if (node.is_object()) node.erase("location");
  if (!node.is_structured()) return;
  for (json& child : node) forget_places(child);
}

json definition_of(json node) {
  for (const char* key : {"idxname", "relation", "concurrent", "if_not_exists"}) node.erase(key);
  forget_places(node);
  return node;
}

}  // namespace

std::string DropIndex::text(const std::vector<QualifiedName>& of) const {
  std::vector<std::string> names;
  for (const QualifiedName& name : of) names.push_back(name.quoted());
  return std::string{"DROP INDEX "} + (concurrently ? "CONCURRENTLY " : "") +
         (if_exists ? "IF EXISTS " : "") + engine::text::joined(names, ", ") +
         (cascade ? " CASCADE" : "");
}

std::string DetachConcurrently::finalize() const {
  return "ALTER TABLE " + table.quoted() + " DETACH PARTITION " + partition.quoted() + " FINALIZE";
}

std::optional<Recoverable> recoverable(const std::string& statement) {
  const std::optional<ParsedStatement> found = only_statement(statement);
  if (!found) return std::nullopt;
  const json& node = found->node;
  if (found->kind == "IndexStmt") return create_of(node);
  if (found->kind == "DropStmt" && text(node, "removeType") == "OBJECT_INDEX") return drop_of(node);
  if (found->kind == "ReindexStmt" && option_is_on(node, "params", "concurrently"))
    return reindex_of(node);
  if (found->kind == "AlterTableStmt") return detach_of(node);
  return std::nullopt;
}

// Only the part behind the table's name is kept as written. That this is the same index is read
// from the tree of what it gives.
std::optional<std::string> same_index_on(const std::string& create, const QualifiedName& table) {
  const std::optional<ParsedStatement> given = only_statement(create);
  if (!given || given->kind != "IndexStmt") return std::nullopt;
  const std::size_t name = given->node.at("relation").value("location", std::size_t{0});
  const std::size_t rest = name_end(create, name);
  const std::string made = std::string{"CREATE "} +
                           (given->node.contains("unique") ? "UNIQUE " : "") + "INDEX ON " +
                           table.quoted() + create.substr(rest, given->end - rest);
  const std::optional<ParsedStatement> read = only_statement(made);
  if (!read || read->kind != "IndexStmt" || relation_name(read->node.at("relation")) != table ||
      definition_of(read->node) != definition_of(given->node)) {
    return std::nullopt;
  }
  return made;
}

}  // namespace engine::sql
