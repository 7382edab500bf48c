// Hazards of waiting: which locks are held through what, and for how long somebody would wait.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "preview/rules/rule_words.h"
#include "preview/target/subject.h"

namespace engine::preview {
namespace {

/// Of the plan's own statements that came after it in its transaction: checks take longer where a
/// machine is busy.
std::int64_t work_after(const Scene& scene, const StatementTrace& statement) {
  std::int64_t ms = 0;
  bool later = false;
  for (const StatementTrace& other : scene.statements) {
    if (later && !other.alone && other.transaction == statement.transaction && !other.sql.empty() &&
        !other.taken_back)
      ms += other.ms;
    later = later || &other == &statement;
  }
  return ms;
}

void held_through_work(const Scene& scene, Findings& findings) {
  constexpr std::int64_t long_enough_ms = 200;  // on the shadow, with few rows
  for (const StatementTrace& statement : scene.statements) {
    const Lock* lock = strongest(statement, scene, access_exclusive);
    if (lock == nullptr || lock->transient || statement.alone) continue;
    const std::int64_t ms = work_after(scene, statement);
    if (ms < long_enough_ms) continue;
    findings.add(statement, lock->table,
                 fmt::format("{} stays locked for {} ms more on the shadow, until the statements "
                             "after this one have ended",
                             lock->table, ms));
  }
}

void explicit_lock(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (statement.tag != "LOCK TABLE") continue;
    const Lock* lock = strongest(statement, scene, share);
    if (lock == nullptr) continue;
    findings.add(statement, lock->table,
                 fmt::format("{} is locked in {} mode until the step commits", lock->table,
                             spoken(lock->mode)));
  }
}

/// Tables that stood, by transaction, at the statement that made them more than one.
void several_tables(const Scene& scene, Findings& findings) {
  std::map<std::string, std::set<std::string>> held;
  for (const StatementTrace& statement : scene.statements) {
    if (statement.alone) continue;
    std::set<std::string>& tables = held[statement.transaction];
    const std::size_t before = tables.size();
    for (const Lock& lock : statement.locks) {
      const catalog::Relation* table = scene.before.relation(lock.table);
      if (table != nullptr && is_table(*table) && lock.kind != 'i' && !lock.transient &&
          strength(lock.mode) == access_exclusive)
        tables.insert(lock.table);
    }
    if (before > 1 || tables.size() < 2) continue;
    findings.add(statement, *tables.begin(),
                 fmt::format("{} are kept from everybody at once",
                             text::listed({tables.begin(), tables.end()})));
    const auto named = std::count_if(tables.begin(), tables.end(), [&](const std::string& table) {
      return says(statement, bare_name(table));
    });
    // A foreign key has two tables, and what is inherited as many as inherit it.
    if (before == 0 && (named < 2 || statement.tag == "ALTER TABLE")) {
      findings.last().safer =
          "It is one statement, which cannot be split: a step of its own at a quiet time, with the "
          "engine's lock_timeout of 3 s, which gives way and tries again.";
    }
  }
}

void passed_over_twice(const Scene& scene, Findings& findings) {
  std::map<std::pair<std::string, std::string>, int> passes;  // by transaction and table
  for (const StatementTrace& statement : scene.statements) {
    if (statement.alone || (statement.verified.empty() && !rewrote(statement))) continue;
    const Lock* lock = strongest(statement, scene, access_exclusive);
    if (lock == nullptr || ++passes[{statement.transaction, lock->table}] != 2) continue;
    findings.add_by_size(statement, lock->table,
                         fmt::format("{} ({}) is read or written as a whole again", lock->table,
                                     scene.size(lock->table)));
  }
}

void lock_timeout(const Scene& scene, Findings& findings) {
  constexpr std::int64_t most_ms = 10'000;
  for (const StatementTrace& statement : scene.statements) {
    const Lock* lock = strongest(statement, scene, share);
    if (lock == nullptr || says(statement, "CONCURRENTLY") || statement.sql.empty() ||
        statement.lock_timeout_ms < 0 ||
        (statement.lock_timeout_ms > 0 && statement.lock_timeout_ms <= most_ms))
      continue;
    findings.add(statement, lock->table,
                 fmt::format("It waits for {} {}", lock->table,
                             statement.lock_timeout_ms == 0
                                 ? std::string{"without end"}
                                 : fmt::format("up to {} s", statement.lock_timeout_ms / 1000)));
  }
}

/// All of whose rows it reads or writes anew; those that the plan made are nobody's yet.
std::set<std::string> tables_worked_on(const Scene& scene, const StatementTrace& statement) {
  std::set<std::string> tables;
  for (auto* each : {&tables_built_on, &tables_verified, &tables_validated}) {
    for (const std::string& table : (*each)(scene, statement)) tables.insert(table);
  }
  for (const std::string& table : tables_rewritten(scene, statement)) tables.insert(table);
  return tables;
}

void statement_timeout(const Scene& scene, Findings& findings) {
  constexpr std::int64_t most_ms = 600'000;
  for (const StatementTrace& statement : scene.statements) {
    const Lock* lock = strongest(statement, scene, share);
    const std::set<std::string> tables = tables_worked_on(scene, statement);
    if (lock == nullptr || says(statement, "CONCURRENTLY") || statement.statement_timeout_ms < 0 ||
        (statement.statement_timeout_ms > 0 && statement.statement_timeout_ms <= most_ms))
      continue;
    for (const std::string& table : tables) {
      if (scene.is_small(table)) continue;
      findings.add(statement, table,
                   fmt::format("Nothing ends this statement on {} ({}) while others wait for it",
                               table, scene.size(table)));
      break;
    }
  }
}

/// Every lock waits for transactions that have touched the table, and CONCURRENTLY for all of them.
void long_transaction(const Scene& scene, Findings& findings) {
  constexpr std::int64_t long_s = 30;
  const Production& production = scene.production;
  if (production.oldest_transaction_s < long_s && production.prepared == 0) return;
  for (const StatementTrace& statement : scene.statements) {
    const bool concurrently =
        says(statement, "CONCURRENTLY") && !statement.tag.starts_with("REFRESH");
    const Lock* lock = strongest(statement, scene, share_update_exclusive);
    if (lock == nullptr || (strength(lock->mode) < access_exclusive && !concurrently)) continue;
    findings.add(statement, lock->table,
                 production.oldest_transaction_s >= long_s
                     ? fmt::format("A transaction has been open on the target for {} s ({})",
                                   production.oldest_transaction_s, production.oldest)
                     : fmt::format("{} on the target",
                                   text::counted(production.prepared, "prepared transaction")));
    return;
  }
}

constexpr std::array rules{
    Rule{"lock.held-through-work", "warning", "proved",
         "Whoever needs that table waits for all of it.",
         "Put the work into a step of its own, before or after.", held_through_work},
    Rule{"lock.explicit", "warning", "proved",
         "Whoever needs that table waits for the rest of the step.",
         "Keep the step short, or take the weakest mode that does.", explicit_lock},
    Rule{"lock.several-tables", "warning", "proved",
         "The step waits for the queries of one while it blocks the other, and two that take them "
         "in "
         "another order deadlock.",
         "A step for each table.", several_tables},
    Rule{"lock.passed-over-twice", "info", "proved", "One ALTER TABLE passes over the rows once.",
         "ALTER TABLE t ALTER COLUMN a …, ALTER COLUMN b …: one statement for both.",
         passed_over_twice},
    Rule{"lock.timeout", "warning", "proved",
         "Behind a statement that waits, every query of that table waits too.",
         "Leave the engine's lock_timeout of 3 s: it gives way, and tries again.", lock_timeout},
    Rule{"statement.timeout", "info", "proved", "Its time on the target is known as a range only.",
         "statement_timeout = \"5min\" in the step: it then fails, and leaves all as it was.",
         statement_timeout},
    Rule{"lock.long-transaction", "warning", "estimated",
         "Strong locks and CONCURRENTLY wait until it ends, and others wait behind them.",
         "Wait for it, or end it (SELECT pg_terminate_backend(pid)), before engine run.",
         long_transaction},
};

}  // namespace

std::span<const Rule> lock_rules() { return rules; }

}  // namespace engine::preview
