#include "database_state/sequences.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/names.h"
#include "base/text.h"
#include "database_state/queries.h"

namespace engine::database_state {
namespace {

constexpr std::size_t columns_at_once = 50;

bool is_behind(const SequenceState& sequence, const Numbered& column) {
  if (column.highest.empty()) return false;
  try {
    const long long highest = std::stoll(column.highest);
    return sequence.value.empty() ? std::stoll(sequence.start) <= highest
                                  : std::stoll(sequence.value) < highest;
  } catch (const std::exception&) {
    return false;  // a column of numbers that no sequence gives
  }
}

/// The rows of a partitioned table are those of its partitions, which are not counted with it.
bool may_have_rows(const DatabaseState& picture, const std::string& table) {
  const auto rows = picture.counts.find(table);
  if (rows != picture.counts.end()) return rows->second > 0;
  const catalog::Relation* relation = picture.relation(table);
  return relation != nullptr && relation->kind == 'p';
}

// A default may be made of the number: "'N' || nextval(…)", in a column that has other values.
bool is_number(const DatabaseState& picture, const Numbered& column) {
  const catalog::Relation* relation = picture.relation(column.table);
  const catalog::Column* it = relation == nullptr ? nullptr : relation->column(column.column);
  return it != nullptr && (it->type_name == "int2" || it->type_name == "int4" ||
                           it->type_name == "int8" || it->type_name == "numeric");
}

struct Asked {
  SequenceState* sequence;
  std::size_t column;
};

std::string highest_query(std::size_t number, const Numbered& column) {
  return fmt::format(
      "SELECT {} AS asked, COALESCE(pg_catalog.max({})::text, '') AS highest FROM {}", number,
      quote_identifier(column.column), column.table);
}

void ask(db::Connection& connection, const std::vector<Asked>& asked) {
  for (std::size_t from = 0; from < asked.size(); from += columns_at_once) {
    std::vector<std::string> parts;
    for (std::size_t i = from; i < std::min(asked.size(), from + columns_at_once); ++i)
      parts.push_back(highest_query(i, asked[i].sequence->columns[asked[i].column]));
    const db::Result found = connection.query(text::joined(parts, "\nUNION ALL "));
    for (std::size_t row = 0; row < found.size(); ++row) {
      const Asked& of = asked[static_cast<std::size_t>(found.integer(row, "asked"))];
      Numbered& column = of.sequence->columns[of.column];
      column.highest = found.text(row, "highest");
      column.behind = is_behind(*of.sequence, column);
    }
  }
}

}  // namespace

void add_sequences(db::Connection& connection, const std::string& journal, DatabaseState& picture) {
  std::vector<Asked> asked;
  const db::Result found = connection.query(query("sequences"), {journal});
  for (std::size_t row = 0; row < found.size(); ++row) {
    SequenceState& state = picture.sequences[found.text(row, "name")];
    state.value = found.text(row, "value");
    state.start = found.text(row, "start");
    const Numbered column{found.text(row, "of_table"), found.text(row, "of_column"), "",
                          found.boolean(row, "is_key"), found.boolean(row, "is_owner")};
    if (column.table.empty()) continue;
    state.columns.push_back(column);
    if (may_have_rows(picture, column.table) && is_number(picture, column))
      asked.push_back({&state, state.columns.size() - 1});
  }
  ask(connection, asked);
}

}  // namespace engine::database_state
