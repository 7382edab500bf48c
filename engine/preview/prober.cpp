#include "preview/prober.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/names.h"
#include "base/text.h"
#include "base/time.h"
#include "preview/misfits.h"
#include "preview/rule_words.h"

namespace engine::preview {
namespace {

using catalog::Column;
using catalog::Constraint;
using catalog::Index;
using catalog::Relation;

constexpr int most_rows = 1000;  // that are counted

/// A table as it was before the plan and is after it.
class Questions {
 public:
  Questions(const Picture& before, const Relation& was, const Relation& now)
      : before_(before), was_(was), now_(now) {}

  std::vector<Probe> made;

  void columns();
  void indexes();
  void constraints();

 private:
  /// The primary key of a row of the target's table, as text.
  std::string key(const std::string& alias) const {
    const Constraint* primary = was_.primary_key();
    if (primary == nullptr) return "NULL::text";
    std::vector<std::string> parts;
    for (const std::string& column : primary->columns)
      parts.push_back(alias + "." + quote_identifier(column) + "::text");
    return parts.size() == 1
               ? parts.front()
               : fmt::format("pg_catalog.concat_ws(', ', {})", text::joined(parts, ", "));
  }
  std::string count(const std::string& rows) const {
    return fmt::format(
        "SELECT pg_catalog.count(*) AS rows, COALESCE(pg_catalog.array_to_string((pg_catalog."
        "array_agg(f.key ORDER BY f.key))[1:3], E'\\n'), '') AS examples FROM ({} LIMIT {}) AS f",
        rows, most_rows + 1);
  }
  std::string where(const std::string& condition) const {
    return count(fmt::format("SELECT {} AS key FROM {} AS t WHERE {}", key("t"), was_.name.quoted(),
                             condition));
  }
  /// Those of the columns that the target does not have.
  std::string unknown(const std::vector<std::string>& names, const Relation& table) const {
    for (const std::string& name : names) {
      if (table.column(name) == nullptr) return name;
    }
    return "";
  }
  void ask(const std::string& of, const std::string& object, std::string sql) {
    Probe probe;
    probe.of = of;
    probe.relation = was_.name.quoted();
    probe.object = object;
    probe.sql = std::move(sql);
    made.push_back(std::move(probe));
  }
  void give_up(const std::string& of, const std::string& object, std::string reason) {
    ask(of, object, "");
    made.back().result = "not_probed";
    made.back().reason = std::move(reason);
  }
  void unique(const Index& index);
  void foreign_key(const Constraint& constraint);
  void check(const Constraint& constraint);

  const Picture& before_;
  const Relation& was_;
  const Relation& now_;
};

void Questions::columns() {
  for (const Column& column : now_.columns) {
    const Column* old = was_.column(column.name);
    if (old == nullptr) {
      if (column.not_null && !column.default_expression && column.identity.empty())
        give_up("nulls", column.name, "the column is new, and the plan gives its values");
      continue;
    }
    if (column.not_null && !old->not_null)
      ask("nulls", column.name, where("t." + quote_identifier(column.name) + " IS NULL"));
    if (column.type == old->type) continue;
    const Fit fit = fits(old->type, column.type, "t." + quote_identifier(column.name));
    if (!fit.misfit.empty()) ask("misfits", column.name, where(fit.misfit));
    if (!fit.unknown.empty()) give_up("misfits", column.name, fit.unknown);
  }
}

void Questions::indexes() {
  for (const Index& index : now_.indexes) {
    if (!index.unique || was_.index(index.name.name) != nullptr) continue;
    const bool had = std::any_of(was_.indexes.begin(), was_.indexes.end(), [&](const Index& other) {
      return other.unique && other.columns == index.columns && other.predicate == index.predicate;
    });
    if (!had) unique(index);
  }
}

void Questions::unique(const Index& index) {
  std::vector<std::string> keys, conditions;
  const bool nulls_too = index.definition.find("NULLS NOT DISTINCT") == std::string::npos;
  for (const std::string& column : index.columns) {
    if (was_.column(column) == nullptr && now_.column(column) != nullptr)
      return give_up("duplicates", index.name.name,
                     fmt::format("column {} is new, and the plan gives its values", column));
    keys.push_back(was_.column(column) != nullptr ? "t." + quote_identifier(column)
                                                  : "(" + column + ")");
    if (nulls_too) conditions.push_back(keys.back() + " IS NOT NULL");
  }
  if (!index.predicate.empty()) conditions.push_back("(" + index.predicate + ")");
  ask("duplicates", index.name.name,
      count(fmt::format(
          "SELECT pg_catalog.min({0}) || ' and ' || pg_catalog.max({0}) AS key FROM {1} "
          "AS t{2} GROUP BY {3} HAVING pg_catalog.count(*) > 1",
          key("t"), was_.name.quoted(),
          conditions.empty() ? "" : " WHERE " + text::joined(conditions, " AND "),
          text::joined(keys, ", "))));
}

void Questions::constraints() {
  for (const Constraint& constraint : now_.constraints) {
    const Constraint* old = was_.constraint(constraint.name);
    const bool proved =
        constraint.validated && (old == nullptr || !old->validated) &&
        std::none_of(was_.constraints.begin(), was_.constraints.end(),
                     [&](const Constraint& other) {
                       return other.validated && other.definition == constraint.definition;
                     });
    if (!proved) continue;
    if (constraint.type == 'f') foreign_key(constraint);
    if (constraint.type == 'c') check(constraint);
    if (constraint.type == 'x')
      give_up("violations", constraint.name, "an exclusion has no question that is bounded");
  }
}

void Questions::foreign_key(const Constraint& constraint) {
  const Relation* parent = before_.relation(constraint.references.quoted());
  std::string missing = unknown(constraint.columns, was_);
  if (parent == nullptr) missing = constraint.references.display();
  if (parent != nullptr && missing.empty())
    missing = unknown(constraint.referenced_columns, *parent);
  if (!missing.empty())
    return give_up("orphans", constraint.name, missing + " is not there yet on the target");
  std::vector<std::string> given, same;
  for (std::size_t i = 0; i < constraint.columns.size(); ++i) {
    const std::string column = "t." + quote_identifier(constraint.columns[i]);
    given.push_back(column + " IS NOT NULL");
    same.push_back("p." + quote_identifier(constraint.referenced_columns[i]) + " = " + column);
  }
  ask("orphans", constraint.name,
      where(fmt::format("{} AND NOT EXISTS (SELECT FROM {} AS p WHERE {})",
                        text::joined(given, " AND "), parent->name.quoted(),
                        text::joined(same, " AND "))));
}

void Questions::check(const Constraint& constraint) {
  const std::string missing = unknown(constraint.columns, was_);
  if (!missing.empty())
    return give_up("violations", constraint.name,
                   "column " + missing + " is not there yet on the target");
  std::string expression = constraint.definition;
  if (!expression.starts_with("CHECK ")) return;
  expression.erase(0, 6);
  if (expression.ends_with(" NO INHERIT")) expression.resize(expression.size() - 11);
  ask("violations", constraint.name, where("(" + expression + ") IS FALSE"));
}

/// Copies of a database keep the OIDs, so that a renamed table is found.
const Relation* old_of(const Picture& before, const Relation& now) {
  for (const Relation& was : before.relations) {
    if (was.oid == now.oid) return &was;
  }
  return nullptr;
}

}  // namespace

std::vector<Probe> questions(const Picture& before, const Picture& after,
                             const std::vector<StatementTrace>& statements) {
  std::vector<Probe> probes;
  for (const Relation& now : after.relations) {
    const Relation* was = is_table(now) ? old_of(before, now) : nullptr;
    if (was == nullptr) continue;
    Questions questions{before, *was, now};
    questions.columns();
    questions.indexes();
    questions.constraints();
    for (Probe& probe : questions.made) {
      const bool converts =
          std::any_of(statements.begin(), statements.end(), [&](const StatementTrace& statement) {
            return says(statement, "USING") && says(statement, "TYPE") &&
                   says(statement, probe.object);
          });
      if (probe.of == "misfits" && converts) {
        probe.sql.clear();
        probe.result = "not_probed";
        probe.reason = "the plan converts it by an expression of its own (USING)";
      }
      probes.push_back(std::move(probe));
    }
  }
  return probes;
}

void ask(Reader& target, std::vector<Probe>& probes) {
  std::optional<Error> refused;
  if (probes.empty() ||
      !target.attempt("SELECT pg_catalog.set_config('statement_timeout', '5s', true)", {}, refused))
    return;
  for (Probe& probe : probes) {
    if (!probe.result.empty()) continue;
    const time::Stopwatch watch;
    refused.reset();
    const auto answer = target.attempt(probe.sql, {}, refused);
    probe.ms = watch.elapsed().count();
    if (!answer) {
      probe.result = "not_probed";
      probe.reason = refused->sqlstate() == "57014" ? "no answer within 5 s" : refused->message();
      continue;
    }
    probe.rows = answer->integer(0, "rows");
    probe.more = probe.rows > most_rows;
    probe.rows = std::min<std::int64_t>(probe.rows, most_rows);
    probe.result = probe.rows == 0 ? "none" : "found";
    for (const std::string& example : text::lines(answer->text(0, "examples"))) {
      if (!example.empty()) probe.examples.push_back(example);
    }
  }
}

}  // namespace engine::preview
