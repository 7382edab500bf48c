#include "preview/picture/sequences.h"

#include <fmt/format.h>

#include "base/names.h"
#include "base/text.h"
#include "preview/queries/queries.h"

namespace engine::preview {
namespace {

constexpr std::size_t columns_at_once = 50;

// Where the column is only a part of every key, a number that comes again is no duplicate.
bool is_behind(const SequenceState& sequence) {
  if (!sequence.unique || sequence.highest.empty()) return false;
  try {
    const long long highest = std::stoll(sequence.highest);
    return sequence.value.empty() ? std::stoll(sequence.start) <= highest
                                  : std::stoll(sequence.value) < highest;
  } catch (const std::exception&) {
    return false;  // a column of numbers that no sequence gives
  }
}

std::string highest_query(const std::string& sequence, const SequenceState& state) {
  return fmt::format("SELECT {} AS name, COALESCE(pg_catalog.max({})::text, '') AS highest FROM {}",
                     db::Connection::quote_literal(sequence), quote_identifier(state.column),
                     state.table);
}

}  // namespace

void add_sequences(db::Connection& connection, const std::string& journal, Picture& picture) {
  std::vector<std::string> parts;
  const auto ask = [&] {
    if (parts.empty()) return;
    const db::Result highest = connection.query(text::joined(parts, "\nUNION ALL "));
    for (std::size_t row = 0; row < highest.size(); ++row) {
      SequenceState& state = picture.sequences[highest.text(row, "name")];
      state.highest = highest.text(row, "highest");
      state.behind = is_behind(state);
    }
    parts.clear();
  };
  const db::Result found = connection.query(query("sequences"), {journal});
  for (std::size_t row = 0; row < found.size(); ++row) {
    const std::string& name = found.text(row, "name");
    SequenceState& state = picture.sequences[name];
    state.value = found.text(row, "value");
    state.start = found.text(row, "start");
    state.unique = found.boolean(row, "is_unique");
    state.table = found.text(row, "of_table");
    state.column = found.text(row, "of_column");
    const auto rows = picture.counts.find(state.table);
    if (rows == picture.counts.end() || rows->second == 0) continue;
    parts.push_back(highest_query(name, state));
    if (parts.size() == columns_at_once) ask();
  }
  ask();
}

}  // namespace engine::preview
