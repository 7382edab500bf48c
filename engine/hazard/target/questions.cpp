#include "hazard/target/questions.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/names.h"
#include "base/text.h"

namespace engine::hazard {

using catalog::Column;
using catalog::Constraint;
using catalog::Relation;

std::string Questions::key(const std::string& alias) const {
  const Constraint* primary = was_.primary_key();
  if (primary == nullptr) return "NULL::text";
  std::vector<std::string> parts;
  for (const std::string& column : primary->columns)
    parts.push_back(alias + "." + quote_identifier(column) + "::text");
  return parts.size() == 1
             ? parts.front()
             : fmt::format("pg_catalog.concat_ws(', ', {})", text::joined(parts, ", "));
}

std::string Questions::count(const std::string& rows) const {
  return fmt::format(
      "SELECT pg_catalog.count(*) AS rows, COALESCE(pg_catalog.array_to_string((pg_catalog."
      "array_agg(f.key ORDER BY f.key))[1:3], E'\\n'), '') AS examples FROM ({} LIMIT {}) AS f",
      rows, most_rows + 1);
}

std::string Questions::where(const std::string& condition) const {
  return count(fmt::format("SELECT {} AS key FROM {} AS t WHERE {}", key("t"), was_.name.quoted(),
                           condition));
}

// The table without an alias: an expression of the plan may name it. A count of the values makes
// the server compute them.
std::string Questions::trial(const std::string& expression) const {
  return fmt::format("SELECT 0 * pg_catalog.count({}) AS rows, '' AS examples FROM {}", expression,
                     was_.name.quoted());
}

std::string Questions::unknown(const std::vector<std::string>& names, const Relation& table) const {
  for (const std::string& name : names) {
    if (table.column(name) == nullptr) return name;
  }
  return "";
}

Probe& Questions::ask(const std::string& of, const std::string& object, std::string sql) {
  Probe probe;
  probe.of = of;
  probe.relation = was_.name.quoted();
  probe.object = object;
  probe.sql = std::move(sql);
  made.push_back(std::move(probe));
  return made.back();
}

void Questions::give_up(const std::string& of, const std::string& object, std::string reason) {
  Probe& probe = ask(of, object, "");
  probe.result = "not_probed";
  probe.reason = std::move(reason);
}

void Questions::columns() {
  for (const Column& column : now_.columns) {
    const Column* old = origin_of(before_, after_, was_, now_, column);
    if (old == nullptr) {
      new_column(column);
      continue;
    }
    if (column.not_null && !old->not_null)
      ask("nulls", column.name, where("t." + quote_identifier(old->name) + " IS NULL"));
    if (column.type != old->type) convert(*old, column);
  }
}

void Questions::new_column(const Column& column) {
  if (column.generated) {
    if (column.generated_virtual) return;
    const std::string& expression = *column.default_expression;
    ask("misfits", column.name, trial(assigned(expression, column.type)));
    if (column.not_null) ask("nulls", column.name, where("(" + expression + ") IS NULL"));
    return;
  }
  if (!column.not_null || column.default_expression || !column.identity.empty()) return;
  const bool at_once =
      std::any_of(changes_.begin(), changes_.end(), [&](const sql::ColumnChange& change) {
        return change.wants_values && change.column == column.name;
      });
  if (at_once) {
    ask("nulls", column.name, where("true"));
  } else {
    give_up("nulls", column.name, "the column is new, and the plan fills it");
  }
}

}  // namespace engine::hazard
