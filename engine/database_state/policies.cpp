#include "database_state/policies.h"

#include "base/text.h"
#include "database_state/queries.h"

namespace engine::database_state {

Policies read_policies(db::Connection& connection, const std::string& journal) {
  Policies policies;
  const db::Result found = connection.query(query("policies"), {journal});
  for (std::size_t row = 0; row < found.size(); ++row)
    policies[{found.text(row, "relation"), found.text(row, "policy")}] = {
        found.integer(row, "oid"), found.text(row, "tree"), found.boolean(row, "names_column"), {}};
  const db::Result calls = connection.query(query("policy_calls"), {journal});
  for (std::size_t row = 0; row < calls.size(); ++row) {
    const std::vector<std::string> denied = text::lines(calls.at(row, "denied").value_or(""));
    policies[{calls.text(row, "relation"), calls.text(row, "policy")}]
        .calls[calls.text(row, "object")] = {denied.begin(), denied.end()};
  }
  return policies;
}

}  // namespace engine::database_state
