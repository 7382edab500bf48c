#include "runner/step/missing_rights.h"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "base/text.h"
#include "sql/named_relations.h"

namespace engine::runner {
namespace {

bool is_of_rows(const std::string& tag) {
  static const std::set<std::string> tags{"SELECT", "INSERT", "UPDATE",  "DELETE",
                                          "MERGE",  "COPY",   "TRUNCATE"};
  return tags.contains(tag.substr(0, tag.find(' ')));
}

bool is_privilege(const std::string& done) {
  static const std::set<std::string> privileges{"INSERT", "UPDATE", "DELETE", "TRUNCATE"};
  return privileges.contains(done);
}

}  // namespace

std::set<Right> wanted_rights(const sql::Statement& statement) {
  std::set<Right> rights;
  if (!is_of_rows(statement.tag)) return rights;
  for (const sql::NamedRelation& relation : sql::named_relations(statement.text)) {
    if (is_privilege(relation.done)) rights.insert({relation.name, relation.done});
    // Rows to change are looked for first.
    if (relation.done != "INSERT" && relation.done != "TRUNCATE")
      rights.insert({relation.name, "SELECT"});
  }
  return rights;
}

std::string missing_rights(const std::string& statement) {
  const std::vector<sql::Statement> statements = sql::split(statement);
  if (statements.size() != 1) return "";
  if (!is_of_rows(statements.front().tag)) {
    return "Altering, dropping or indexing an object needs its owner: ALTER TABLE … OWNER TO, or "
           "GRANT of the owning role. Creating an object needs GRANT CREATE ON SCHEMA.";
  }
  std::map<QualifiedName, std::vector<std::string>> tables;
  for (const Right& right : wanted_rights(statements.front()))
    tables[right.table].push_back(right.privilege);
  if (tables.empty()) return "";
  std::set<std::string> grants;
  for (const auto& [table, privileges] : tables) {
    if (!table.schema.empty()) {
      grants.insert(
          fmt::format("GRANT USAGE ON SCHEMA {} TO …;", QualifiedName{"", table.schema}.display()));
    }
    grants.insert(
        fmt::format("GRANT {} ON {} TO …;", text::joined(privileges, ", "), table.display()));
  }
  return fmt::format("The owner can grant a missing privilege to the role: {}",
                     text::joined({grants.begin(), grants.end()}, " "));
}

}  // namespace engine::runner
