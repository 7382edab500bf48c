#include "database_state/routines.h"

#include <algorithm>

#include "database_state/queries.h"

namespace engine::database_state {

Routines read_routines(db::Connection& connection, const std::string& journal) {
  Routines routines;
  const db::Result found = connection.query(query("routines"), {journal});
  for (std::size_t row = 0; row < found.size(); ++row)
    routines[found.text(row, "object")] = {
        found.integer(row, "oid"), found.text(row, "name"), found.text(row, "body"),
        found.text(row, "is_text") == "t", found.text(row, "is_trigger") == "t"};
  return routines;
}

Routines::const_iterator with_oid(const Routines& routines, std::int64_t oid) {
  return std::find_if(routines.begin(), routines.end(),
                      [&](const auto& one) { return one.second.oid == oid; });
}

}  // namespace engine::database_state
