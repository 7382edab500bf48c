#include "shadow/wanted_keys.h"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/names.h"
#include "shadow/queries.h"
#include "sql/foreign_keys.h"

namespace engine::shadow {
namespace {

constexpr const char* foreign_key_violation = "23503";

/// What was executed: of a function the innermost statement, as the server's CONTEXT has it.
std::string executed(const Error& error) {
  constexpr std::string_view opening = "SQL statement \"";
  const std::string& context = error.context();
  const auto from = context.find(opening);
  if (from == std::string::npos) return error.statement();
  const auto to = context.find("\"\nPL/pgSQL", from);
  const auto begin = from + opening.size();
  return context.substr(begin, to == std::string::npos ? to : to - begin);
}

/// A name without its schema was looked for on the plan's search_path, which is gone by now.
std::vector<std::string> meant(const QualifiedName& name, db::Connection& shadow) {
  if (!name.schema.empty()) return {name.quoted()};
  std::vector<std::string> tables;
  const db::Result found = shadow.query(query("tables_named"), {name.name});
  for (std::size_t row = 0; row < found.size(); ++row) tables.push_back(found.text(row, "name"));
  return tables;
}

std::vector<std::string> quoted(const std::vector<std::string>& names) {
  std::vector<std::string> all;
  for (const std::string& name : names) all.push_back(quote_identifier(name));
  return all;
}

}  // namespace

std::vector<Shape::Key> wanted_keys(const Error& error, db::Connection& shadow) {
  std::vector<Shape::Key> keys;
  if (error.sqlstate() != foreign_key_violation) return keys;
  for (const sql::ForeignKey& added : sql::added_foreign_keys(executed(error))) {
    for (const std::string& child : meant(added.child, shadow)) {
      for (const std::string& parent : meant(added.parent, shadow))
        keys.push_back({child, parent, quoted(added.columns), quoted(added.keys), false});
    }
  }
  const db::Result waiting = shadow.query(query("unvalidated_keys"));
  for (std::size_t row = 0; row < waiting.size(); ++row) {
    keys.push_back({waiting.text(row, "child"), waiting.text(row, "parent"),
                    nlohmann::json::parse(waiting.text(row, "columns")),
                    nlohmann::json::parse(waiting.text(row, "keys")), false});
  }
  return keys;
}

}  // namespace engine::shadow
