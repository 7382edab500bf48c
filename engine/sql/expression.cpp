#include "sql/expression.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/stack.h"
#include "sql/parser.h"

namespace engine::sql {
namespace {

using Json = nlohmann::json;

// The comparison recurses with each level, which two bytes of text can make.
constexpr std::size_t stack_for_a_byte = 1024;
constexpr std::size_t stack_for_any = 256 * 1024;

/// The parser's tree of one statement; nothing where it is none, or more than one.
std::optional<Json> parsed(const std::string& statement) {
  Parsed all = parse(statement);
  if (!all.problem.empty() || all.statements.size() != 1) return std::nullopt;
  Json tree = Json::object();
  tree[all.statements.front().kind] = std::move(all.statements.front().node);
  return tree;
}

/// libpg_query 15 leaves zero and negative numbers out of its JSON, so a number is read from the
/// text.
std::string number_at(const std::string& text, std::size_t position) {
  std::size_t end = position;
  if (end < text.size() && (text[end] == '-' || text[end] == '+')) ++end;
  while (end < text.size() && std::isspace(static_cast<unsigned char>(text[end])) != 0) ++end;
  const std::size_t digits = end;
  while (end < text.size() &&
         (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '.')) {
    ++end;
  }
  return (text[position] == '-' ? "-" : "") + text.substr(digits, end - digits);
}

Json constant(const Json& node, const std::string& text) {
  if (node.contains("isnull")) return {{"Constant", "NULL"}};
  if (node.contains("sval")) return {{"Constant", node["sval"].value("sval", "")}};
  if (node.contains("boolval")) {
    return {{"Constant", node["boolval"].value("boolval", false) ? "true" : "false"}};
  }
  const int location = node.value("location", 0);
  if (location < 0) {  // the grammar's own: char is character(1)
    return {{"Constant", std::to_string(node.value("ival", Json::object()).value("ival", 0))}};
  }
  return {{"Constant", number_at(text, static_cast<std::size_t>(location))}};
}

Json simplified(const Json& node, const std::string& text);

/// Of one member, which an initializer list would copy.
Json object_of(const char* key, Json value) {
  Json object = Json::object();
  object[key] = std::move(value);
  return object;
}

Json operation(const char* name, Json left, Json right) {
  Json fields{{"kind", "AEXPR_OP"}, {"name", Json::array({{{"String", {{"sval", name}}}}})}};
  fields["lexpr"] = std::move(left);
  fields["rexpr"] = std::move(right);
  return object_of("A_Expr", std::move(fields));
}

/// IN, BETWEEN and LIKE as the server stores them: = ANY (ARRAY[…]), >= AND <=, ~~.
Json operator_expression(Json node) {
  const std::string kind = node.value("kind", "");
  if (kind == "AEXPR_LIKE" || kind == "AEXPR_ILIKE") node["kind"] = "AEXPR_OP";
  if (kind == "AEXPR_IN") {
    const bool negated = node["name"][0]["String"]["sval"] == "<>";
    // Of a list; IN (SELECT …) is no such expression.
    Json items = std::move(node["rexpr"]["List"]["items"]);
    if (items.size() == 1) {  // the server stores a list of one as a plain comparison
      return operation(negated ? "<>" : "=", std::move(node["lexpr"]), std::move(items[0]));
    }
    node["kind"] = negated ? "AEXPR_OP_ALL" : "AEXPR_OP_ANY";
    node["rexpr"] = object_of("A_ArrayExpr", object_of("elements", std::move(items)));
  }
  if (kind == "AEXPR_BETWEEN") {
    Json bounds = std::move(node["rexpr"]["List"]["items"]);
    Json args = Json::array();
    args.push_back(operation(">=", node["lexpr"], std::move(bounds[0])));
    args.push_back(operation("<=", std::move(node["lexpr"]), std::move(bounds[1])));
    Json fields{{"boolop", "AND_EXPR"}};
    fields["args"] = std::move(args);
    return object_of("BoolExpr", std::move(fields));
  }
  return object_of("A_Expr", std::move(node));
}

/// The tree without places in the text, with constants as text and one spelling for each operator.
Json simplified(const Json& node, const std::string& text) {
  if (node.is_array()) {
    Json list = Json::array();
    for (const Json& item : node) list.push_back(simplified(item, text));
    return list;
  }
  if (!node.is_object()) return node;
  if (node.size() == 1 && node.contains("A_Const")) return constant(node["A_Const"], text);
  Json result = Json::object();
  for (const auto& [key, value] : node.items()) {
    if (key == "location" || key == "typemod" || key == "funcformat") continue;
    result[key] = simplified(value, text);
  }
  if (result.size() == 1 && result.contains("A_Expr"))
    return operator_expression(std::move(result["A_Expr"]));
  return result;
}

std::optional<Json> tree_of(const std::string& statement) {
  const auto tree = parsed(statement);
  if (!tree) return std::nullopt;
  return simplified(*tree, statement);
}

bool is(const Json& node, const char* kind) {
  return node.is_object() && node.size() == 1 && node.contains(kind);
}

/// Names are equal where the shorter one is the end of the longer: auth.uid and uid, t.user_id and
/// user_id.
bool same_name(const Json& written, const Json& printed) {
  const std::size_t common = std::min(written.size(), printed.size());
  return common > 0 &&
         std::equal(written.end() - static_cast<std::ptrdiff_t>(common), written.end(),
                    printed.end() - static_cast<std::ptrdiff_t>(common));
}

bool same_type_name(const Json& written, const Json& printed) {
  Json left = written, right = printed;
  // format_type prints numeric(10) as numeric(10,0).
  for (Json* type : {&left, &right}) {
    const bool numeric = !(*type)["names"].empty() &&
                         (*type)["names"].back()["String"].value("sval", "") == "numeric";
    if (numeric && type->contains("typmods") && (*type)["typmods"].size() == 1) {
      (*type)["typmods"].push_back({{"Constant", "0"}});
    }
    if (type->contains("arrayBounds")) (*type)["arrayBounds"] = (*type)["arrayBounds"].size();
  }
  const bool names = same_name(left["names"], right["names"]);
  left.erase("names");
  right.erase("names");
  return names && left == right;
}

bool same(const Json& written, const Json& printed);

/// `optional_key` may stand in the printed one alone; `compared_key` was compared already.
bool same_members(const Json& written, const Json& printed, std::string_view optional_key,
                  std::string_view compared_key = "") {
  for (const auto& [key, value] : printed.items()) {
    if (!written.contains(key) && key != optional_key) return false;
  }
  return std::all_of(written.items().begin(), written.items().end(), [&](const auto& member) {
    if (member.key() == compared_key) return true;
    return printed.contains(member.key()) && same(member.value(), printed[member.key()]);
  });
}

bool same_cast(const Json& written, const Json& printed) {
  if (is(written, "TypeCast") && is(printed, "TypeCast")) {
    const Json& left = written["TypeCast"];
    const Json& right = printed["TypeCast"];
    if (same_type_name(left["typeName"], right["typeName"])) return same(left["arg"], right["arg"]);
  }
  if (is(printed, "TypeCast")) return same(written, printed["TypeCast"]["arg"]);
  return is(written["TypeCast"]["arg"], "Constant") && same(written["TypeCast"]["arg"], printed);
}

bool same(const Json& written, const Json& printed) {
  if (is(written, "TypeCast") || is(printed, "TypeCast")) return same_cast(written, printed);
  if (written.is_array() && printed.is_array()) {
    return std::equal(written.begin(), written.end(), printed.begin(), printed.end(), same);
  }
  if (!written.is_object() || !printed.is_object()) return written == printed;
  if (is(written, "ColumnRef") && is(printed, "ColumnRef")) {
    return same_name(written["ColumnRef"]["fields"], printed["ColumnRef"]["fields"]);
  }
  if (is(written, "FuncCall") && is(printed, "FuncCall")) {
    const Json &left = written["FuncCall"], &right = printed["FuncCall"];
    return same_name(left["funcname"], right["funcname"]) &&
           same_members(left, right, "", "funcname");
  }
  // The server names every output column, and the schema of a table.
  if (is(written, "ResTarget") && is(printed, "ResTarget")) {
    return same_members(written["ResTarget"], printed["ResTarget"], "name");
  }
  if (is(written, "RangeVar") && is(printed, "RangeVar")) {
    return same_members(written["RangeVar"], printed["RangeVar"], "schemaname");
  }
  return same_members(written, printed, "");
}

std::string expression_query(std::string_view text) {
  return "SELECT (" + std::string{text} + "\n)";
}
std::string type_query(std::string_view text) { return "SELECT NULL::" + std::string{text}; }

/// The one output of `SELECT …`, where there is nothing but that.
std::optional<Json> only_target(const std::string& query) {
  const auto tree = tree_of(query);
  if (!tree || !tree->contains("SelectStmt")) return std::nullopt;
  const Json& select = (*tree)["SelectStmt"];
  if (!select.contains("targetList") || select["targetList"].size() != 1) return std::nullopt;
  for (const char* clause : {"fromClause", "whereClause", "sortClause", "limitCount", "larg"}) {
    if (select.contains(clause)) return std::nullopt;
  }
  const Json& target = select["targetList"][0]["ResTarget"];
  if (target.contains("name")) return std::nullopt;
  return target["val"];
}

std::optional<Json> expression(std::string_view text) {
  return only_target(expression_query(text));
}

std::optional<Json> type(std::string_view text) {
  auto target = only_target(type_query(text));
  if (!target || !is(*target, "TypeCast") || !is((*target)["TypeCast"]["arg"], "Constant")) {
    return std::nullopt;
  }
  return (*target)["TypeCast"]["typeName"];
}

bool compared(std::initializer_list<std::string_view> texts,
              const std::function<bool()>& comparison) {
  std::size_t room = stack_for_any;
  for (const std::string_view text : texts) room += text.size() * stack_for_a_byte;
  bool result = false;
  stack::with_room(room, [&] { result = comparison(); });
  return result;
}

}  // namespace

bool same_expression(std::string_view written, std::string_view printed) {
  if (written == printed) return true;
  return compared({written, printed}, [&] {
    const auto left = expression(written), right = expression(printed);
    return left && right && same(*left, *right);
  });
}

bool same_type(std::string_view written, std::string_view printed) {
  if (written == printed) return true;
  return compared({written, printed}, [&] {
    const auto left = type(written), right = type(printed);
    return left && right && same_type_name(*left, *right);
  });
}

bool same_query(std::string_view written, std::string_view printed) {
  if (written == printed) return true;
  return compared({written, printed}, [&] {
    const auto left = tree_of(std::string{written}), right = tree_of(std::string{printed});
    return left && right && same(*left, *right);
  });
}

bool is_expression(std::string_view text) {
  return compared({text}, [&] { return expression(text).has_value(); });
}
bool is_type(std::string_view text) {
  return compared({text}, [&] { return type(text).has_value(); });
}

}  // namespace engine::sql
