#include "backup/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/names.h"

namespace engine::backup {
namespace {

using catalog::Column;
using catalog::Relation;

bool same_kind(const Column& a, const Column& b) {
  return a.type == b.type && a.collation == b.collation && a.generated == b.generated &&
         a.generated_virtual == b.generated_virtual &&
         (!a.generated || a.default_expression == b.default_expression);
}

const Column* find_number(const Relation& have, const Numbers& numbers, int number) {
  for (const auto& column : have.columns) {
    const auto found = numbers.find(column.name);
    if (found != numbers.end() && found->second == number) return &column;
  }
  return nullptr;
}

}  // namespace

std::vector<Pairing> pair_columns(const Relation& want, const Numbers& want_numbers,
                                  const Relation& have, const Numbers& have_numbers) {
  std::vector<Pairing> pairings;
  std::set<std::string> taken;
  const auto pair = [&](const Column& wanted, const Column* column) {
    if (!column || !taken.insert(column->name).second) return;
    pairings.push_back({wanted.name, column->name,
                        wanted.type == column->type && wanted.collation == column->collation});
  };
  for (const auto& wanted : want.columns) {
    const auto number = want_numbers.find(wanted.name);
    if (number != want_numbers.end()) pair(wanted, find_number(have, have_numbers, number->second));
  }
  for (const auto& wanted : want.columns) {
    const bool paired = std::any_of(pairings.begin(), pairings.end(),
                                    [&](const Pairing& each) { return each.copy == wanted.name; });
    if (!paired) pair(wanted, have.column(wanted.name));
  }
  return pairings;
}

Statements rename_columns(const Relation& have, const std::vector<Pairing>& pairings) {
  const auto rename = [&](const std::string& from, const std::string& to) {
    return fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {}", have.name.quoted(),
                       quote_identifier(from), quote_identifier(to));
  };
  // Two steps, since names may have been exchanged, or given to a new column.
  Statements away, back;
  std::set<std::string> moved;
  const auto move = [&](const std::string& from) {
    std::string aside = fmt::format("engine_restores_{}", moved.size() + 1);
    if (moved.insert(from).second) away.push_back(rename(from, aside));
    return aside;
  };
  for (const auto& pairing : pairings) {
    if (pairing.copy != pairing.table) back.push_back(rename(move(pairing.table), pairing.copy));
  }
  for (const auto& pairing : pairings) {
    const bool in_the_way = pairing.copy != pairing.table && have.column(pairing.copy) != nullptr &&
                            !moved.contains(pairing.copy);
    if (in_the_way) move(pairing.copy);
  }
  away.insert(away.end(), back.begin(), back.end());
  return away;
}

ColumnPlan plan_columns(const Relation& want, const Relation& have) {
  std::vector<const Column*> standing;
  for (const auto& column : have.columns) {
    if (want.column(column.name)) standing.push_back(&column);
  }
  ColumnPlan plan;
  while (plan.keep < want.columns.size() && plan.keep < standing.size()) {
    const Column& wanted = want.columns[plan.keep];
    const Column& column = *standing[plan.keep];
    if (wanted.name != column.name || !same_kind(wanted, column)) break;
    ++plan.keep;
  }
  plan.deep = plan.keep < standing.size();
  if (plan.deep) {
    // A generated column may read one that goes.
    const auto generated = std::find_if(want.columns.begin(), want.columns.end(),
                                        [](const Column& column) { return column.generated; });
    plan.keep = std::min(plan.keep, static_cast<std::size_t>(generated - want.columns.begin()));
  }
  for (const bool generated : {true, false}) {
    for (const auto& column : have.columns) {
      const auto wanted =
          std::find_if(want.columns.begin(), want.columns.end(),
                       [&](const Column& each) { return each.name == column.name; });
      const bool kept = wanted != want.columns.end() &&
                        static_cast<std::size_t>(wanted - want.columns.begin()) < plan.keep;
      if (!kept && column.generated == generated) plan.drop.push_back(column.name);
    }
  }
  return plan;
}

std::string bare_column(const Column& column) {
  std::string text = quote_identifier(column.name) + " " + column.type;
  if (!column.collation.empty()) text += " COLLATE " + column.collation;
  if (column.generated) {
    text += fmt::format(" GENERATED ALWAYS AS ({}){}", column.default_expression.value_or(""),
                        column.generated_virtual ? " VIRTUAL" : " STORED");
  }
  return text;
}

}  // namespace engine::backup
