#include "hazard/target/table_names.h"

#include <algorithm>

#include "sql/row_copies.h"
#include "trace/words.h"

namespace engine::hazard {
namespace {

using catalog::Relation;

const Relation* named(const database_state::DatabaseState& picture, const QualifiedName& name) {
  const auto found =
      std::find_if(picture.relations.begin(), picture.relations.end(), [&](const Relation& each) {
        return each.name.name == name.name &&
               (name.schema.empty() || each.name.schema == name.schema);
      });
  return found == picture.relations.end() ? nullptr : &*found;
}

}  // namespace

TableNames::TableNames(const database_state::DatabaseState& before,
                       const database_state::DatabaseState& after,
                       const std::vector<trace::StatementTrace>& statements)
    : before_(before), after_(after) {
  for (std::size_t number = 0; number < statements.size(); ++number) {
    const trace::StatementTrace& statement = statements[number];
    for (const trace::Nested& nested : statement.nested) {
      if (nested.event == "command" && nested.type == "table" &&
          (nested.tag.starts_with("CREATE TABLE") || nested.tag == "SELECT INTO"))
        made_.emplace_back(number, trace::bare_name(nested.object));
    }
    if (!trace::mentions(statement.sql, "RENAME")) continue;
    for (const sql::TableRenamed& each : sql::renamed_tables(statement.sql))
      renamed_.push_back({number, each.from.name, each.to});
  }
}

const Relation* TableNames::afterwards(std::size_t statement, const QualifiedName& name) const {
  QualifiedName then = name;
  for (const Renamed& renamed : renamed_) {
    if (renamed.statement >= statement && renamed.from == then.name) then.name = renamed.to;
  }
  return named(after_, then);
}

const Relation* TableNames::before(std::size_t statement, const QualifiedName& name) const {
  QualifiedName then = name;
  std::size_t at = statement;
  for (auto renamed = renamed_.rbegin(); renamed != renamed_.rend(); ++renamed) {
    if (renamed->statement >= at || renamed->to != then.name) continue;
    then.name = renamed->from;
    at = renamed->statement;
  }
  const bool made = std::any_of(made_.begin(), made_.end(), [&](const auto& each) {
    return each.first < at && each.second == quote_identifier(then.name);
  });
  return made ? nullptr : named(before_, then);
}

const Relation* TableNames::afterwards(std::size_t statement, const std::string& quoted) const {
  return afterwards(statement, QualifiedName::parse(quoted));
}

const Relation* TableNames::before(std::size_t statement, const std::string& quoted) const {
  return before(statement, QualifiedName::parse(quoted));
}

}  // namespace engine::hazard
