// The engine's own SQL that runs on the search_path of the target: an operator, a function or a
// type found there by its bare name may be somebody else's, and would run with the rights of
// whoever runs the engine. All other SQL of the engine runs on pg_catalog (db::Lookup::catalog).
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "sql/parser.h"
#include "support/catch.h"

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

const fs::path root = fs::path{SOURCE_FOLDER} / "engine";

std::string text_of(const fs::path& path) {
  std::ifstream file{path};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Is a name of one word looked up on the search_path?
bool is_bare(const json& node, const char* key) {
  const auto found = node.find(key);
  return found == node.end() || found->size() < 2;
}

/// What an expression finds by a bare name.
void find_bare(const json& node, std::vector<std::string>& found) {
  if (node.is_array()) {
    for (const json& each : node) find_bare(each, found);
  }
  if (!node.is_object()) return;
  for (const auto& [key, value] : node.items()) {
    if (key == "A_Expr" && is_bare(value, "name"))
      found.push_back("operator " + value["name"].dump());
    if (key == "FuncCall" && is_bare(value, "funcname"))
      found.push_back("function " + value["funcname"].dump());
    // Both compare with =.
    if (key == "CaseExpr" && value.contains("arg")) found.emplace_back("CASE value WHEN");
    if (key == "SubLink" && value.value("subLinkType", "") == "ANY_SUBLINK" &&
        is_bare(value, "operName"))
      found.emplace_back("IN (SELECT …)");
    if (key == "JoinExpr" && (value.contains("usingClause") || value.contains("isNatural")))
      found.emplace_back("JOIN … USING");
    if ((key == "typeName" || key == "TypeName") && is_bare(value, "names"))
      found.push_back("type " + value["names"].dump());
    find_bare(value, found);
  }
}

std::vector<std::string> bare_names(const std::string& sql) {
  std::vector<std::string> found;
  auto parsed = engine::sql::parse(sql);
  // The rest of the text is put together elsewhere.
  if (!parsed.problem.empty()) parsed = engine::sql::parse(sql + " x");
  if (!parsed.problem.empty()) parsed = engine::sql::parse(sql + " 'x'");
  for (const auto& statement : parsed.statements) find_bare(statement.node, found);
  return found;
}

struct Piece {
  std::string code;      // without its literals
  std::string literals;  // put together
};

/// The statements of a C++ file, as far as ; ends them.
std::vector<Piece> pieces_of(const std::string& file) {
  std::vector<Piece> pieces(1);
  for (std::size_t at = 0; at < file.size();) {
    if (file.compare(at, 2, "//") == 0) {
      at = std::min(file.find('\n', at), file.size());
    } else if (file.compare(at, 3, "R\"(") == 0) {
      const std::size_t end = file.find(")\"", at);
      pieces.back().literals += file.substr(at + 3, end - at - 3);
      at = end + 2;
    } else if (file.compare(at, 3, "'\"'") == 0 || file.compare(at, 3, "';'") == 0) {
      at += 3;
    } else if (file[at] == '"') {
      for (++at; at < file.size() && file[at] != '"'; ++at) {
        if (file[at] == '\\') ++at;
        pieces.back().literals += file[at];
      }
      ++at;
    } else if (file[at] == ';') {
      pieces.emplace_back();
      ++at;
    } else {
      pieces.back().code += file[at++];
    }
  }
  return pieces;
}

bool is_sql(const std::string& text) {
  static const std::regex begins{
      R"(^\s*(SELECT|WITH|INSERT|UPDATE|DELETE|VALUES|TABLE|EXPLAIN)\b[\s\S]*)"};
  return std::regex_match(text, begins);
}

/// Does it go to the server on the session's search_path?
bool is_on_search_path(const std::string& code) {
  static const std::regex sent{R"([.>]execute\(|[.>]script\(|add_control\(|Lookup::session)"};
  return std::regex_search(code, sent);
}

std::string without_placeholders(const std::string& text) {
  return std::regex_replace(text, std::regex{R"(\{[^{}]*\})"}, "x");
}

/// SQL by the name of its constant, or of its file.
void add_named(const Piece& piece, const std::map<std::string, std::string>& named,
               std::vector<std::string>& found) {
  for (const auto& [name, sql] : named) {
    if (std::regex_search(piece.code, std::regex{"\\b" + name + "\\b"})) found.push_back(sql);
  }
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string name = entry.path().stem();
    if (entry.path().extension() == ".sql" && piece.literals == name &&
        piece.code.find("query(") != std::string::npos)
      found.push_back(text_of(entry.path()));
  }
}

std::vector<std::string> own_sql_on_search_path(const std::string& file) {
  static const std::regex constant{R"(const char\* (?:const )?(\w+)\s*=\s*$)"};
  const std::vector<Piece> pieces = pieces_of(file);
  std::map<std::string, std::string> named;
  for (const Piece& piece : pieces) {
    std::smatch name;
    if (is_sql(piece.literals) && std::regex_search(piece.code, name, constant))
      named[name[1]] = piece.literals;
  }
  std::vector<std::string> found;
  for (const Piece& piece : pieces) {
    if (!is_on_search_path(piece.code)) continue;
    if (is_sql(piece.literals)) found.push_back(without_placeholders(piece.literals));
    add_named(piece, named, found);
  }
  return found;
}

}  // namespace

TEST_CASE("what is found by a bare name is seen in every spelling") {
  for (const char* sql :
       {"SELECT 1 WHERE a = b", "SELECT a || b", "SELECT a IN (1, 2)", "SELECT a IN (SELECT 1)",
        "SELECT a LIKE 'x'", "SELECT a BETWEEN 1 AND 2", "SELECT NULLIF(a, b)",
        "SELECT a IS DISTINCT FROM b", "SELECT CASE a WHEN 1 THEN 2 END", "SELECT f(a)",
        "SELECT a::mood", "SELECT FROM a JOIN b USING (c)", "SELECT a = ANY (b)", "SELECT -a"}) {
    CAPTURE(sql);
    CHECK(bare_names(sql).size() >= 1);
  }
  CHECK(bare_names("SELECT pg_catalog.lower(a)::pg_catalog.text, a OPERATOR(pg_catalog.=) ANY (b), "
                   "CASE WHEN a IS NULL THEN 1 END, COALESCE(a, 1), EXISTS (SELECT), a::int FROM b")
            .empty());
  CHECK(own_sql_on_search_path("x.execute(\"SELECT a \"\n \"= b\");") ==
        std::vector<std::string>{"SELECT a = b"});
  CHECK(own_sql_on_search_path("constexpr const char* q = \"SELECT 1\"; c.add({q, {}, "
                               "db::Lookup::session});") == std::vector<std::string>{"SELECT 1"});
  CHECK(own_sql_on_search_path("x.query(\"SELECT a = b\");").empty());
}

TEST_CASE("no SQL of the engine finds operators, functions or types on the target's search_path") {
  std::size_t checked = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string file = fs::relative(entry.path(), root);
    // Backups work with search_path pinned (backup/scope.h).
    if (entry.path().extension() != ".cpp" || file.starts_with("backup/")) continue;
    for (const std::string& sql : own_sql_on_search_path(text_of(entry.path()))) {
      CAPTURE(file, sql);
      CHECK(bare_names(sql) == std::vector<std::string>{});
      ++checked;
    }
  }
  CHECK(checked >= 12);
}
