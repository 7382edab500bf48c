#include "backup/later_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "backup/queries.h"
#include "backup/session_guards.h"

namespace engine::backup {
namespace {

// '', 0, true, '{}'::jsonb: what can be evaluated without an effect.
bool is_constant(const std::string& expression) {
  if (expression.starts_with("true") || expression.starts_with("false")) return true;
  const char first = expression.empty() ? '(' : expression.front();
  const bool literal =
      first == '\'' || first == '-' || std::isdigit(static_cast<unsigned char>(first));
  const auto closing = expression.rfind('\'');
  const std::string rest = closing == std::string::npos ? expression : expression.substr(closing);
  return literal && rest.find_first_of("(|+") == std::string::npos;
}

}  // namespace

std::vector<Added> added_columns(db::Connection& connection, const catalog::Relation& table,
                                 const std::vector<Pairing>& pairings) {
  const auto rows = connection.query(query("added_columns"), {std::to_string(table.oid)});
  std::vector<Added> added;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string name = rows.text(i, "name");
    const bool paired = std::any_of(pairings.begin(), pairings.end(),
                                    [&](const Pairing& each) { return each.table == name; });
    // What is computed holds nothing of its own.
    if (paired || rows.boolean(i, "generated")) continue;
    Added column{name, table.column(name)->type,
                 rows.boolean(i, "known") ? rows.at(i, "value") : std::nullopt};
    const auto& expression = rows.at(i, "expression");
    if (!rows.boolean(i, "known") && expression && is_constant(*expression)) {
      column.baseline =
          connection.execute(fmt::format("SELECT ({})::text AS value", *expression)).at(0, "value");
    }
    added.push_back(std::move(column));
  }
  return added;
}

Kept keep_written_since(db::Connection& connection, const Origin& origin,
                        const QualifiedName& table, const RowComparison& comparison,
                        const std::string& name) {
  QualifiedName kept;
  if (name.empty()) {
    kept = free_name(connection, copies_schema(connection, origin), table.name,
                     "_since" + run_suffix(connection, origin));
  } else {
    kept = QualifiedName::parse(name);
    if (kept.schema.empty()) kept.schema = table.schema;
  }
  const auto copied = connection.execute(
      fmt::format("CREATE TABLE {} AS {}", kept.quoted(), comparison.written_since()));
  if (copied.affected().value_or(0) == 0) {
    connection.execute("DROP TABLE " + kept.quoted());
    return {};
  }
  make_private(
      connection, kept,
      fmt::format("Rows of {} written after its backup, kept by engine when it restored the table.",
                  table.display()));
  return {kept, *copied.affected()};
}

}  // namespace engine::backup
