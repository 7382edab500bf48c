#include "database_state/value_types.h"

#include "database_state/queries.h"

namespace engine::database_state {

ValueTypes read_value_types(db::Connection& connection, const std::string& journal) {
  ValueTypes types;
  const db::Result found = connection.query(query("value_types"), {journal});
  for (std::size_t row = 0; row < found.size(); ++row) {
    const std::string &what = found.text(row, "what"), &name = found.text(row, "name"),
                      &item = found.text(row, "item");
    const std::string definition = found.at(row, "definition").value_or("");
    if (what == "domain") types.domains[name] = {item, definition == "true", {}};
    if (what == "check") types.domains[name].checks[item] = definition;
    if (what == "label") types.enums[name].push_back(item);
    if (what == "partition") types.partitions[name] = {item, definition};
  }
  return types;
}

}  // namespace engine::database_state
