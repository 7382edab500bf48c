// Questions about uniqueness, exclusions, foreign keys, checks, and the bounds of partitions.
#include <fmt/format.h>

#include <algorithm>

#include "base/names.h"
#include "base/text.h"
#include "hazard/target/questions.h"

namespace engine::hazard {
namespace {

using catalog::Constraint;
using catalog::Index;
using catalog::Relation;

/// The operators of "EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (…)", in order.
std::vector<std::string> operators_of(const std::string& definition) {
  std::vector<std::string> found;
  int depth = 0;
  char quote = 0;
  std::string element;
  const auto take = [&] {
    const auto with = element.rfind(" WITH ");
    found.push_back(with == std::string::npos ? "" : text::trimmed(element.substr(with + 6)));
    element.clear();
  };
  for (const char c : definition) {
    if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (quote == 0 && c == '(') {
      if (++depth == 1) continue;
    } else if (quote == 0 && c == ')' && --depth == 0) {
      take();
      return found;
    } else if (quote == 0 && depth == 1 && c == ',') {
      take();
      continue;
    }
    if (depth > 0) element += c;
  }
  return {};
}

}  // namespace

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
                     fmt::format("column {} is new, and the plan fills it", column));
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
    if (constraint.type == 'x') exclusion(constraint);
  }
}

void Questions::foreign_key(const Constraint& constraint) {
  const Relation* parent = before_.relation(constraint.references.quoted());
  std::string missing = unknown(constraint.columns, was_);
  if (parent == nullptr) missing = constraint.references.display();
  if (parent != nullptr && missing.empty())
    missing = unknown(constraint.referenced_columns, *parent);
  if (!missing.empty())
    return give_up("orphans", constraint.name, missing + " does not exist on the target yet");
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
                   "column " + missing + " does not exist on the target yet");
  std::string expression = constraint.definition;
  if (!expression.starts_with("CHECK ")) return;
  expression.erase(0, 6);
  if (expression.ends_with(" NO INHERIT")) expression.resize(expression.size() - 11);
  ask("violations", constraint.name, where("(" + expression + ") IS FALSE"));
}

// Each pair of rows once. Where nothing but the time ends it, it was not answered.
void Questions::exclusion(const Constraint& constraint) {
  const Index* index = now_.index(constraint.index);
  const std::vector<std::string> operators = operators_of(constraint.definition);
  if (index == nullptr || operators.empty() || operators.size() != index->columns.size())
    return give_up("conflicts", constraint.name, "the preview could not read its operators");
  std::vector<std::string> values, same;
  for (std::size_t i = 0; i < operators.size(); ++i) {
    const std::string& column = index->columns[i];
    if (was_.column(column) == nullptr && now_.column(column) != nullptr)
      return give_up("conflicts", constraint.name,
                     fmt::format("column {} is new, and the plan fills it", column));
    values.push_back(fmt::format(
        "{} AS v{}",
        was_.column(column) != nullptr ? "t." + quote_identifier(column) : "(" + column + ")", i));
    same.push_back(fmt::format("a.v{0} {1} b.v{0}", i, operators[i]));
  }
  const std::string rows =
      fmt::format("(SELECT {} AS key, t.ctid AS place, {} FROM {} AS t{})", key("t"),
                  text::joined(values, ", "), was_.name.quoted(),
                  index->predicate.empty() ? "" : " WHERE (" + index->predicate + ")");
  ask("conflicts", constraint.name,
      count(fmt::format("SELECT a.key || ' and ' || b.key AS key FROM {0} AS a JOIN {0} AS b ON "
                        "a.place < b.place AND {1}",
                        rows, text::joined(same, " AND "))));
}

// Of a table that becomes a partition, and of the default partition, which has less room with each
// new sibling.
void Questions::bounds() {
  const auto is = after_.types.partitions.find(now_.name.quoted());
  if (is == after_.types.partitions.end() || is->second.constraint.empty()) return;
  const auto was = before_.types.partitions.find(was_.name.quoted());
  if (was != before_.types.partitions.end() && was->second.constraint == is->second.constraint)
    return;
  // It names its parent by a number that is another one on the target.
  if (is->second.constraint.find("satisfies_hash_partition") != std::string::npos) {
    give_up("strays", is->second.parent, "a hash bound may admit other rows on another server");
  } else {
    ask("strays", is->second.parent, where("(" + is->second.constraint + ") IS FALSE"));
  }
  made.back().named = is->second.parent;
}

}  // namespace engine::hazard
