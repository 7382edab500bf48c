#include "backup/keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace engine::backup {
namespace {

std::vector<std::uint32_t> oids_of(const std::vector<RowSet>& sets) {
  std::vector<std::uint32_t> oids;
  for (const auto& set : sets) oids.push_back(set.oid);
  return oids;
}

std::string joined_by(const ForeignKey& key) {
  std::vector<std::string> parts;
  for (const auto& pair : key.pairs) {
    parts.push_back(fmt::format("p.{} {} c.{}", quote_identifier(pair.parent_column), pair.op,
                                quote_identifier(pair.column)));
  }
  return text::joined(parts, " AND ");
}

std::string refers(const ForeignKey& key) {
  std::vector<std::string> parts;
  for (const auto& pair : key.pairs) {
    parts.push_back(fmt::format("c.{} IS NOT NULL", quote_identifier(pair.column)));
  }
  return text::joined(parts, " AND ");
}

std::int64_t count(db::Connection& connection, const std::string& from) {
  return connection.execute("SELECT pg_catalog.count(*) AS count FROM " + from).integer(0, "count");
}

}  // namespace

std::vector<std::string> orphans(db::Connection& connection, const std::vector<RowSet>& sets) {
  std::vector<std::string> sentences;
  for (const auto& key : foreign_keys(connection, oids_of(sets))) {
    if (!key.validated) continue;
    const auto rows =
        count(connection,
              fmt::format("{} AS c WHERE {} AND NOT EXISTS (SELECT FROM {} AS p WHERE {})",
                          key.child.quoted(), refers(key), key.parent.quoted(), joined_by(key)));
    if (rows == 0) continue;
    sentences.push_back(fmt::format("{} of {} refer to rows of {} that do not exist (key {})",
                                    text::counted(rows, "row"), key.child.display(),
                                    key.parent.display(), quote_identifier(key.name)));
  }
  return sentences;
}

std::vector<std::string> held_rows(db::Connection& connection, const std::vector<RowSet>& sets,
                                   const std::vector<RowComparison>& comparisons) {
  std::vector<std::string> sentences;
  for (const auto& key : foreign_keys(connection, oids_of(sets))) {
    const auto parent = std::find_if(sets.begin(), sets.end(),
                                     [&](const RowSet& set) { return set.oid == key.parent_oid; });
    const bool inside = std::any_of(sets.begin(), sets.end(),
                                    [&](const RowSet& set) { return set.oid == key.child_oid; });
    if (parent == sets.end() || inside) continue;
    const auto& comparison = comparisons[static_cast<std::size_t>(parent - sets.begin())];
    const auto rows = count(
        connection,
        fmt::format("{} AS c JOIN {} AS p ON {} WHERE (p.tableoid, p.ctid) IN ({})",
                    key.child.quoted(), key.parent.quoted(), joined_by(key), comparison.extra()));
    if (rows == 0) continue;
    sentences.push_back(fmt::format(
        "{} of {} refer to rows of {} that did not exist when the backup was taken (key {})",
        text::counted(rows, "row"), key.child.display(), key.parent.display(),
        quote_identifier(key.name)));
  }
  return sentences;
}

}  // namespace engine::backup
