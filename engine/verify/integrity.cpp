#include "verify/integrity.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "catalog/catalog.h"
#include "verify/attempt.h"
#include "verify/outcomes.h"
#include "verify/queries.h"
#include "verify/snapshot.h"

namespace engine::verify {
namespace {

/// How a value equals one of a column: "OPERATOR(pg_catalog.=) {}".
std::map<std::string, std::string> equalities(db::Connection& connection,
                                              const QualifiedName& table) {
  const CacheHold quiet{connection};
  const db::Result found = connection.query(query("equality"), {table.schema, table.name});
  std::map<std::string, std::string> equality;
  for (std::size_t row = 0; row < found.size(); ++row) {
    const std::string& schema = found.text(row, "schema");
    // Between types of the system its own operators choose; others have one for equal types.
    equality[found.text(row, "name")] =
        fmt::format("OPERATOR({}.=) {{}}{}", schema,
                    schema == "pg_catalog" ? "" : "::" + found.text(row, "type"));
  }
  return equality;
}

/// MATCH SIMPLE: a row with a NULL among the columns refers to nothing.
std::string orphan_query(db::Connection& connection, const std::string& table,
                         const std::vector<std::string>& columns, const QualifiedName& other,
                         const std::vector<std::string>& referenced) {
  const auto equality = equalities(connection, other);
  std::vector<std::string> present, same;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string here = "c." + quote_identifier(columns[i]);
    present.push_back(here + " IS NOT NULL");
    const auto found = equality.find(referenced[i]);
    const std::string equals =
        found == equality.end() ? "OPERATOR(pg_catalog.=) {}" : found->second;
    same.push_back(fmt::format("p.{} {}", quote_identifier(referenced[i]),
                               fmt::format(fmt::runtime(equals), here)));
  }
  return fmt::format(
      "SELECT pg_catalog.count(*) AS rows FROM {} c WHERE {} AND NOT EXISTS (SELECT FROM {} p"
      " WHERE {})",
      table, text::joined(present, " AND "), other.quoted(), text::joined(same, " AND "));
}

/// One number from one query; an outcome where the server refuses it.
std::optional<std::int64_t> count_of(db::Connection& connection, const std::string& sql,
                                     event::Outcome& refused) {
  const CacheHold quiet{connection};
  const auto counted = attempt(connection, Keep::nothing, {{sql, {}, db::Lookup::session}});
  if (!counted.error) return counted.results.front().integer(0, "rows");
  if (worth_retrying(*counted.error)) throw Error{*counted.error};
  refused.actual = error_phrase(*counted.error);
  refused.error = counted.error;
  return std::nullopt;
}

struct Defaulted {
  std::string column;
  const catalog::Sequence* sequence = nullptr;
};

std::vector<Defaulted> defaulted_by_sequences(const catalog::Relation& table) {
  std::vector<Defaulted> found;
  for (const catalog::Sequence& sequence : table.sequences) {
    if (sequence.owned_by_table == table.name && !sequence.owned_by_column.empty())
      found.push_back({sequence.owned_by_column, &sequence});
  }
  return found;
}

}  // namespace

event::Outcome has_no_orphans(db::Connection& connection, const Subject& subject,
                              const std::string& key) {
  const std::string name = key.empty()
                               ? subject.label() + " has no orphans"
                               : fmt::format("{} has no orphans by {}", subject.label(), key);
  if (subject.relation() == nullptr) return absent(subject, name, "no orphans");
  const catalog::Relation& table = *subject.relation();
  event::Outcome outcome = failed(name, "no orphans", "");
  std::vector<std::string> keys, orphans;
  for (const catalog::Constraint& one : table.constraints) {
    if (one.type != 'f') continue;
    keys.push_back(one.name);
    if (!key.empty() && one.name != key) continue;
    const auto rows = count_of(connection,
                               orphan_query(connection, table.name.quoted(), one.columns,
                                            one.references, one.referenced_columns),
                               outcome);
    if (!rows) return outcome;
    if (*rows > 0)
      orphans.push_back(fmt::format("{} by {} that {} lacks", text::counted(*rows, "row"), one.name,
                                    one.references.display()));
  }
  if (!key.empty() && std::find(keys.begin(), keys.end(), key) == keys.end()) {
    outcome.actual = nothing_like("foreign key", key, keys);
    return outcome;
  }
  if (orphans.empty()) return held(name, "no orphans");
  outcome.actual = text::joined(orphans, "; ");
  return outcome;
}

event::Outcome has_no_orphans(db::Connection& connection, const Subject& subject,
                              const Reference& reference) {
  const std::string name =
      fmt::format("{} has no orphans by ({}) to {}", subject.label(),
                  text::joined(reference.columns, ", "), reference.table.display());
  if (subject.relation() == nullptr) return absent(subject, name, "no orphans");
  event::Outcome outcome = failed(name, "no orphans", "");
  const Subject other = Subject::read(connection, Noun::table, reference.table);
  if (other.relation() == nullptr) return failed(name, "no orphans", other.absence());
  std::vector<std::string> referenced = reference.referenced;
  const catalog::Constraint* primary = other.relation()->primary_key();
  if (referenced.empty() && primary != nullptr) referenced = primary->columns;
  if (referenced.size() != reference.columns.size()) {
    outcome.actual =
        fmt::format("{} refer to {} of {}",
                    text::counted(static_cast<std::int64_t>(reference.columns.size()), "column"),
                    text::counted(static_cast<std::int64_t>(referenced.size()), "column"),
                    reference.table.display());
    return outcome;
  }
  const auto rows = count_of(connection,
                             orphan_query(connection, subject.relation()->name.quoted(),
                                          reference.columns, other.relation()->name, referenced),
                             outcome);
  if (!rows) return outcome;
  if (*rows == 0) return held(name, "no orphans");
  outcome.actual =
      fmt::format("{} that {} lacks", text::counted(*rows, "row"), reference.table.display());
  return outcome;
}

event::Outcome has_sequences_ahead(db::Connection& connection, const Subject& subject) {
  const std::string name = subject.label() + " has its sequences ahead of its rows";
  const std::string expected = "ahead";
  if (subject.relation() == nullptr) return absent(subject, name, expected);
  event::Outcome outcome = failed(name, expected, "");
  std::vector<std::string> behind;
  for (const Defaulted& one : defaulted_by_sequences(*subject.relation())) {
    const std::string column = quote_identifier(one.column);
    const std::string sequence = one.sequence->name.quoted();
    // A descending sequence goes the other way.
    const bool down = one.sequence->increment.starts_with('-');
    const auto rows =
        count_of(connection,
                 fmt::format("SELECT pg_catalog.count(*) AS rows FROM {0} t, {1} s WHERE t.{2} {3} "
                             "s.last_value AND (t.{2} OPERATOR(pg_catalog.<>) s.last_value OR NOT "
                             "s.is_called)",
                             subject.relation()->name.quoted(), sequence, column,
                             down ? "OPERATOR(pg_catalog.<=)" : "OPERATOR(pg_catalog.>=)"),
                 outcome);
    if (!rows) return outcome;
    if (*rows > 0)
      behind.push_back(fmt::format("{} is behind {} of {}", one.sequence->name.display(),
                                   text::counted(*rows, "row"), one.column));
  }
  if (behind.empty()) return held(name, expected);
  outcome.actual = text::joined(behind, "; ");
  return outcome;
}

event::Outcome has_checksum(db::Connection& connection, const Subject& subject,
                            const std::string& checksum, const std::vector<std::string>& columns) {
  const std::string name = subject.label() + " has its checksum";
  if (subject.relation() == nullptr) return absent(subject, name, checksum);
  std::vector<std::string> quoted;
  for (const auto& column : columns.empty() ? names_of(subject.relation()->columns) : columns)
    quoted.push_back(quote_identifier(column));
  event::Outcome outcome = failed(name, checksum, "");
  const CacheHold quiet{connection};
  const auto summed = attempt(
      connection, Keep::nothing,
      {{fmt::format("SELECT COALESCE(pg_catalog.sum(pg_catalog.hashtextextended("
                    "ROW({})::pg_catalog.text, 0)), 0)::pg_catalog.text AS checksum FROM {}",
                    text::joined(quoted, ", "), subject.relation()->name.quoted()),
        {},
        db::Lookup::session}});
  if (summed.error) {
    if (worth_retrying(*summed.error)) throw Error{*summed.error};
    outcome.actual = error_phrase(*summed.error);
    outcome.error = summed.error;
    return outcome;
  }
  return compared(name, checksum, summed.results.front().text(0, "checksum"));
}

}  // namespace engine::verify
