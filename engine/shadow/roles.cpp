#include "shadow/roles.h"

#include <fmt/format.h>

#include "base/error.h"
#include "cluster/template.h"
#include "shadow/queries.h"

namespace engine::shadow {
namespace {

void try_to(db::Connection& connection, const std::string& statement,
            std::vector<std::string>& missing) {
  try {
    connection.execute(statement);
  } catch (const Error& error) {
    if (error.sqlstate().empty()) throw;
    missing.push_back(fmt::format("{}: {}", statement, error.message()));
  }
}

}  // namespace

Roles Roles::of(const db::Result& rows) {
  Roles roles;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::string& undo = rows.text(row, "undo");
    roles.order_.push_back(undo);
    roles.facts_[undo] = {rows.text(row, "statement"), rows.text(row, "again")};
  }
  return roles;
}

Roles Roles::of(db::Connection& connection) {
  return of(connection.query(query("roles"), {std::string{cluster::superuser}}));
}

void Roles::make(db::Connection& connection, std::vector<std::string>& missing) const {
  const Roles there = of(connection);
  for (const std::string& undo : order_) {
    if (!there.facts_.contains(undo)) try_to(connection, facts_.at(undo).statement, missing);
  }
}

void Roles::restore(db::Connection& connection) const {
  const Roles now = of(connection);
  if (now == *this) return;
  std::vector<std::string> failures;
  for (auto undo = now.order_.rbegin(); undo != now.order_.rend(); ++undo) {
    if (!facts_.contains(*undo)) try_to(connection, *undo, failures);
  }
  for (const std::string& undo : order_) {
    const auto found = now.facts_.find(undo);
    const Fact& fact = facts_.at(undo);
    if (found == now.facts_.end()) try_to(connection, fact.statement, failures);
    if (found != now.facts_.end() && found->second != fact)
      try_to(connection, fact.again, failures);
  }
  if (!failures.empty()) {
    throw Error{Code::internal, "the shadow's roles cannot be restored: {}", failures.front()};
  }
}

}  // namespace engine::shadow
