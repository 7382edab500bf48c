#include "backup/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace engine::backup {
namespace {

std::string of(const char* alias, const std::string& column) {
  return std::string{alias} + "." + quote_identifier(column);
}

std::vector<Pairing> same_columns(const RowSet& set) {
  std::vector<Pairing> pairings;
  for (const auto& column : set.columns) pairings.push_back({column.name, column.name, true});
  return pairings;
}

std::string row_of(const char* alias, const std::vector<std::string>& columns) {
  std::vector<std::string> parts;
  for (const auto& column : columns) parts.push_back(of(alias, column));
  return fmt::format("ROW({})", text::joined(parts, ", "));
}

}  // namespace

RowComparison::RowComparison(const std::vector<RowSet>& sets, std::size_t index)
    : RowComparison(sets, index, sets[index].table, same_columns(sets[index]), {}) {}

RowComparison::RowComparison(const std::vector<RowSet>& sets, std::size_t index,
                             QualifiedName table, std::vector<Pairing> pairings,
                             std::vector<Added> added)
    : sets_(sets),
      index_(index),
      table_(std::move(table)),
      pairings_(std::move(pairings)),
      added_(std::move(added)) {}

bool RowComparison::keyed() const {
  const auto& key = sets_[index_].key;
  return !key.empty() && std::all_of(key.begin(), key.end(), [&](const KeyColumn& column) {
    return std::any_of(pairings_.begin(), pairings_.end(), [&](const Pairing& pairing) {
      return pairing.copy == column.column && pairing.same_type;
    });
  });
}

std::string RowComparison::match() const {
  std::vector<std::string> parts;
  for (const auto& column : sets_[index_].key) {
    const auto pairing = std::find_if(pairings_.begin(), pairings_.end(), [&](const Pairing& each) {
      return each.copy == column.column;
    });
    parts.push_back(
        fmt::format("{} {} {}", of("t", pairing->table), column.op, of("s", column.column)));
  }
  return text::joined(parts, " AND ");
}

// *<> compares the stored images of two records: it works for types that have no equality (json,
// point) and sees 1.0 and 1.00 as different. Two bare ROW()s would be compared column by column,
// hence the cast.
std::string RowComparison::differs() const {
  std::vector<std::string> ours, copys, parts;
  for (const auto& pairing : pairings_) {
    if (pairing.same_type) {
      ours.push_back(pairing.table);
      copys.push_back(pairing.copy);
    } else {
      parts.push_back(fmt::format("{}::text IS DISTINCT FROM {}::text", of("t", pairing.table),
                                  of("s", pairing.copy)));
    }
  }
  if (!ours.empty()) {
    parts.push_back(fmt::format("{}::record OPERATOR(pg_catalog.*<>) {}::record", row_of("t", ours),
                                row_of("s", copys)));
  }
  return parts.empty() ? "false" : text::joined(parts, " OR ");
}

std::string RowComparison::in_table(const std::string& alias) const {
  const std::string condition = belongs(sets_, index_, Side::table, alias);
  return condition.empty() ? "true" : condition;
}

std::string RowComparison::in_copy(const std::string& alias) const {
  const std::string condition = belongs(sets_, index_, Side::copy, alias);
  return condition.empty() ? "true" : condition;
}

// Without a key a row is its text; equal rows are numbered, so that each has its own counterpart.
std::string RowComparison::numbered(bool copy) const {
  std::vector<std::string> columns;
  for (const auto& pairing : pairings_) columns.push_back(copy ? pairing.copy : pairing.table);
  const std::string image = row_of("x", columns) + "::text";
  return fmt::format(
      "(SELECT x.tableoid AS part, x.ctid AS place, {0} AS image, "
      "pg_catalog.row_number() OVER (PARTITION BY {0}) AS number, {1} AS inside FROM {2} AS x)",
      image, copy ? in_copy("x") : in_table("x"),
      copy ? sets_[index_].copy.quoted() : table_.quoted());
}

std::string RowComparison::extra() const {
  if (!keyed()) {
    return fmt::format(
        "SELECT t.part, t.place FROM {} AS t WHERE t.inside AND NOT EXISTS "
        "(SELECT FROM {} AS s WHERE s.image = t.image AND s.number = t.number)",
        numbered(false), numbered(true));
  }
  return fmt::format(
      "SELECT t.tableoid AS part, t.ctid AS place FROM {} AS t "
      "WHERE {} AND NOT EXISTS (SELECT FROM {} AS s WHERE {})",
      table_.quoted(), in_table("t"), sets_[index_].copy.quoted(), match());
}

std::string RowComparison::changed() const {
  if (!keyed()) return "SELECT NULL::oid AS part, NULL::tid AS place WHERE false";
  return fmt::format(
      "SELECT t.tableoid AS part, t.ctid AS place FROM {} AS t JOIN {} AS s ON {} WHERE ({}) AND "
      "({} OR {})",
      table_.quoted(), sets_[index_].copy.quoted(), match(), differs(), in_table("t"),
      in_copy("s"));
}

std::string RowComparison::missing() const {
  const auto& set = sets_[index_];
  if (!keyed()) {
    return fmt::format(
        "SELECT {0} FROM {1} AS s WHERE (s.tableoid, s.ctid) IN (SELECT s.part, s.place FROM {2} "
        "AS s "
        "WHERE s.inside AND NOT EXISTS (SELECT FROM {3} AS t WHERE s.image = t.image AND s.number "
        "= t.number))",
        written_columns(set), set.copy.quoted(), numbered(true), numbered(false));
  }
  return fmt::format(
      "SELECT {} FROM {} AS s WHERE {} AND NOT EXISTS (SELECT FROM {} AS t WHERE {})",
      written_columns(set), set.copy.quoted(), in_copy("s"), table_.quoted(), match());
}

std::string RowComparison::written_since() const {
  std::string own_values;
  for (const auto& column : added_) {
    own_values += fmt::format(
        " OR {}::text IS DISTINCT FROM {}", of("t", column.name),
        column.baseline ? fmt::format("CAST({} AS {})::text",
                                      db::Connection::quote_literal(*column.baseline), column.type)
                        : "NULL::text");
  }
  return fmt::format("SELECT t.* FROM {} AS t WHERE (t.tableoid, t.ctid) IN ({} UNION ALL {}){}",
                     table_.quoted(), extra(), changed(), own_values);
}

std::string RowComparison::update() const {
  std::vector<std::string> assignments;
  for (const auto& column : sets_[index_].columns) {
    if (column.generated || column.identity_always) continue;
    assignments.push_back(
        fmt::format("{} = {}", quote_identifier(column.name), of("s", column.name)));
  }
  if (assignments.empty() || !keyed()) return {};
  return fmt::format("UPDATE {} AS t SET {} FROM {} AS s WHERE {} AND ({}) AND ({} OR {})",
                     table_.quoted(), text::joined(assignments, ", "), sets_[index_].copy.quoted(),
                     match(), differs(), in_table("t"), in_copy("s"));
}

std::string belongs(const std::vector<RowSet>& sets, std::size_t index, Side side,
                    const std::string& alias) {
  if (sets[index].key.empty()) return "";
  std::vector<std::string> ways;
  for (const auto& link : sets[index].links) {
    const std::string parent = fmt::format("{}_{}", alias, link.parent);
    std::vector<std::string> parts;
    for (const auto& pair : link.pairs) {
      const std::string column = alias + "." + quote_identifier(pair.column);
      parts.push_back(link.parent == 0
                          ? column + " IS NOT NULL"
                          : fmt::format("{}.{} {} {}", parent, quote_identifier(pair.parent_column),
                                        pair.op, column));
    }
    std::string way = text::joined(parts, " AND ");
    if (link.parent != 0) {
      const auto& set = sets[link.parent];
      const std::string beyond = belongs(sets, link.parent, side, parent);
      way = fmt::format("EXISTS (SELECT FROM {} AS {} WHERE {}{}{})",
                        side == Side::copy ? set.copy.quoted() : set.table.quoted(), parent, way,
                        beyond.empty() ? "" : " AND ", beyond);
    }
    ways.push_back("(" + way + ")");
  }
  return ways.empty() ? "" : "(" + text::joined(ways, " OR ") + ")";
}

Checksum checksum(db::Connection& connection, const QualifiedName& table,
                  const std::vector<RowColumn>& columns, const std::string& where) {
  std::vector<std::string> names;
  for (const auto& column : columns) names.push_back(column.name);
  const auto answer = connection.execute(
      fmt::format("SELECT pg_catalog.count(*) AS rows, "
                  "COALESCE(pg_catalog.sum(pg_catalog.hashtextextended({}::text, 0)::numeric), 0) "
                  "AS sum FROM {} AS t{}",
                  row_of("t", names), table.quoted(), where.empty() ? "" : " WHERE " + where));
  return {answer.integer(0, "rows"), answer.text(0, "sum")};
}

RowCounts compare(db::Connection& connection, const RowComparison& comparison) {
  const auto counts = connection.execute(
      fmt::format("SELECT (SELECT pg_catalog.count(*) FROM ({}) AS m) AS missing, "
                  "(SELECT pg_catalog.count(*) FROM ({}) AS c) AS changed, "
                  "(SELECT pg_catalog.count(*) FROM ({}) AS e) AS extra",
                  comparison.missing(), comparison.changed(), comparison.extra()));
  return {counts.integer(0, "missing"), counts.integer(0, "changed"), counts.integer(0, "extra")};
}

std::string written_columns(const RowSet& set) {
  std::vector<std::string> names;
  for (const auto& column : set.columns) {
    if (!column.generated) names.push_back(quote_identifier(column.name));
  }
  return text::joined(names, ", ");
}

}  // namespace engine::backup
