#include "backup/row_sync.h"

#include <fmt/format.h>

#include <algorithm>

#include "backup/alter.h"
#include "backup/ddl.h"
#include "backup/session_guards.h"
#include "base/text.h"
#include "catalog/catalog.h"
#include "db/transaction.h"

namespace engine::backup {
namespace {

using Comparisons = std::vector<RowComparison>;

// The table's own triggers and rules are the caller's matter; those of the tables that refer to it
// are put to sleep here.
class Quiet {
 public:
  Quiet(db::Connection& connection, const RowSet& set) : connection_(connection) {
    const auto table = catalog::describe(connection, set.table);
    if (!table) return;
    const std::string alter = "ALTER TABLE " + set.table.quoted();
    Statements silence;
    if (!table->triggers.empty()) silence.push_back(alter + " DISABLE TRIGGER USER");
    for (const auto& trigger : table->triggers) {
      wake_.push_back(fmt::format("{} {} TRIGGER {}", alter, enabling(trigger.enabled),
                                  quote_identifier(trigger.name)));
    }
    for (const auto& rule : table->rules) {
      const std::string name = quote_identifier(rule.name);
      silence.push_back(fmt::format("{} DISABLE RULE {}", alter, name));
      wake_.push_back(fmt::format("{} {} RULE {}", alter, enabling(rule.enabled), name));
    }
    run_all(connection, silence);
  }
  void wake() const { run_all(connection_, wake_); }

 private:
  db::Connection& connection_;
  Statements wake_;
};

std::string remove(const RowSet& set, const std::string& places) {
  return fmt::format("DELETE FROM {} AS d WHERE (d.tableoid, d.ctid) IN ({})", set.table.quoted(),
                     places);
}

std::string put(const RowSet& set, const std::string& rows) {
  return fmt::format("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE {}", set.table.quoted(),
                     written_columns(set), rows);
}

// Each statement looks at the rows as they are by then, so that what a foreign key's action did
// meanwhile is mended too: rows that refer go first, and come back last.
void by_difference(db::Connection& connection, const std::vector<RowSet>& sets,
                   const Comparisons& rows) {
  for (std::size_t i = sets.size(); i-- > 0;) {
    connection.execute(remove(sets[i], rows[i].extra()));
  }
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const std::string update = rows[i].update();
    if (!update.empty()) connection.execute(update);
    connection.execute(put(sets[i], rows[i].missing()));
  }
}

// Rows of the table that differ are replaced rather than updated: values of a unique column can
// then be exchanged among them.
void by_replacement(db::Connection& connection, const std::vector<RowSet>& sets,
                    const Comparisons& rows) {
  connection.execute(remove(sets.front(), rows.front().changed()));
  by_difference(connection, sets, rows);
}

bool any_left(db::Connection& connection, const Comparisons& rows) {
  return std::any_of(rows.begin(), rows.end(), [&](const RowComparison& comparison) {
    return compare(connection, comparison).any();
  });
}

bool differences_first(db::Connection& connection, const std::vector<RowSet>& sets,
                       const Comparisons& rows) {
  db::Savepoint savepoint{connection};
  try {
    by_difference(connection, sets, rows);
  } catch (const Error& error) {
    // 23: a key or constraint; 428C9: an identity column cannot be updated.
    if (!error.sqlstate().starts_with("23") && error.sqlstate() != "428C9") throw;
    return false;
  }
  if (any_left(connection, rows)) return false;
  savepoint.release();
  return true;
}

// Without the replica role a foreign key acts when a row is replaced: those that the backup can
// make again are dropped, others forbid it.
void clear_keys(db::Connection& connection, const Manifest& manifest) {
  const auto have = catalog::describe(connection, manifest.table.name);
  run_all(connection, drop_keys(manifest.table, *have));
  const auto after = catalog::describe(connection, manifest.table.name);
  if (after->referenced_by.empty()) return;
  const auto& key = after->referenced_by.front();
  throw Error{Code::backup, "rows of {} cannot be replaced: {} now refers to it (key {})",
              manifest.table.name.display(), key.table.display(), quote_identifier(key.name)}
      .hint(fmt::format("Drop that foreign key first: ALTER TABLE {} DROP CONSTRAINT {};",
                        key.table.quoted(), quote_identifier(key.name)));
}

}  // namespace

std::vector<RowCounts> exchange_rows(db::Connection& connection, const Manifest& manifest,
                                     const std::vector<RowSet>& sets) {
  Comparisons rows;
  std::vector<RowCounts> counts;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    rows.emplace_back(sets, i);
    counts.push_back(compare(connection, rows.back()));
  }
  const bool equal = std::none_of(counts.begin(), counts.end(),
                                  [](const RowCounts& count) { return count.any(); });
  if (equal) return counts;

  std::vector<Quiet> quiet;
  for (std::size_t i = 1; i < sets.size(); ++i) quiet.emplace_back(connection, sets[i]);
  {
    const ReplicaRole replica{connection};
    if (!differences_first(connection, sets, rows)) {
      if (!replica.active()) clear_keys(connection, manifest);
      by_replacement(connection, sets, rows);
    }
  }
  for (const auto& each : quiet) each.wake();
  return counts;
}

}  // namespace engine::backup
