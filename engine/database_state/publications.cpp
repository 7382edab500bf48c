#include "database_state/publications.h"

#include "base/text.h"
#include "database_state/queries.h"

namespace engine::database_state {

Publications read_publications(db::Connection& connection, const std::string& journal) {
  Publications publications;
  const db::Result found = connection.query(query("published"), {journal});
  const auto set_of = [&](std::size_t row, const char* column) {
    const std::vector<std::string> lines = text::lines(found.text(row, column));
    return std::set<std::string>{lines.begin(), lines.end()};
  };
  for (std::size_t row = 0; row < found.size(); ++row)
    publications[{found.text(row, "publication"), found.text(row, "relation")}] = {
        set_of(row, "operations"), set_of(row, "columns"), found.text(row, "filter")};
  return publications;
}

}  // namespace engine::database_state
