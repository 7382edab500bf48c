#include "shadow/checked_masks.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "catalog/array.h"
#include "shadow/queries.h"

namespace engine::shadow {
namespace {

using Columns = std::map<std::string, std::string>;  // types by quoted name

constexpr std::string_view not_understood = "42";  // SQLSTATE's class of syntax and names
constexpr const char* no_right = "42501";

constexpr const char* all_tables = R"(
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 ORDER BY 1
)";

struct Table {
  Columns columns;
  std::vector<std::string> descendants;
};

std::map<std::string, Table> tables_of(TargetReader& reader, const Masks& masks) {
  std::vector<std::string> names;
  for (const auto& [place, mask] : masks.all()) names.push_back(place.first);
  std::map<std::string, Table> tables;
  const db::Result found = reader.query(query("masked_tables"), {catalog::array_of(names)});
  for (std::size_t row = 0; row < found.size(); ++row) {
    Table& table = tables[found.text(row, "name")];
    table.columns = nlohmann::json::parse(found.text(row, "columns")).get<Columns>();
    table.descendants =
        nlohmann::json::parse(found.text(row, "descendants")).get<std::vector<std::string>>();
  }
  return tables;
}

Error refusal(const std::pair<std::string, std::string>& place, const std::string& why) {
  return Error{Code::usage, "mask of \"{}.{}\": {}", place.first, place.second, why}.hint(
      "Write schema.table.column as the target has it, and null, hash, text or an SQL expression.");
}

void refuse_unread(TargetReader& reader, const Masks& masks,
                   const std::pair<std::string, std::string>& place, const std::string& mask,
                   const std::string& type) {
  std::optional<Error> refused;
  reader.attempt(fmt::format("SELECT {} FROM ONLY {} AS t LIMIT 0",
                             masks.expression(place.first, place.second, type), place.first),
                 {}, refused);
  // What else may be in the way is no matter of the mask, and rows that it keeps from being read
  // do not leave the target.
  if (!refused || refused->sqlstate() == no_right ||
      !std::string_view{refused->sqlstate()}.starts_with(not_understood))
    return;
  throw refusal(
      place,
      fmt::format("\"{}\" is neither a kind of mask nor an SQL expression over the row: "
                  "{}{}",
                  mask, refused->message(), text::did_you_mean(mask, {"null", "hash", "text"})));
}

}  // namespace

Masks checked_masks(TargetReader& reader, const Masks& masks) {
  if (masks.empty()) return masks;
  const std::map<std::string, Table> tables = tables_of(reader, masks);
  std::map<std::string, std::string> all;
  for (const auto& [place, mask] : masks.all()) {
    const auto& [name, column] = place;
    const auto table = tables.find(name);
    if (table == tables.end()) {
      std::vector<std::string> known;
      const db::Result found = reader.query(all_tables);
      for (std::size_t row = 0; row < found.size(); ++row) known.push_back(found.text(row, "name"));
      throw refusal(place, fmt::format("the target has no table {}{}", name,
                                       text::did_you_mean(name, known)));
    }
    const Columns& columns = table->second.columns;
    const auto type = columns.find(column);
    if (type == columns.end()) {
      std::vector<std::string> known;
      for (const auto& [other, its_type] : columns) known.push_back(other);
      throw refusal(place, fmt::format("the target's table {} has no column {}{}", name, column,
                                       text::did_you_mean(column, known)));
    }
    refuse_unread(reader, masks, place, mask, type->second);
    for (const std::string& descendant : table->second.descendants) {
      if (!masks.masks(descendant, column)) all[descendant + "." + column] = mask;
    }
  }
  for (const auto& [place, mask] : masks.all()) all[place.first + "." + place.second] = mask;
  return Masks{all};
}

}  // namespace engine::shadow
