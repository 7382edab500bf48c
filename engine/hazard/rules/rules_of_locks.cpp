// Hazards of waiting: which locks are held through what, and for how long somebody would wait.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "hazard/rules/rule_words.h"
#include "hazard/target/subject.h"

namespace engine::hazard {
namespace {

/// Of the plan's own statements that came after it in its transaction: checks take longer where a
/// machine is busy.
std::int64_t work_after(const RuleContext& context, const trace::StatementTrace& statement) {
  std::int64_t ms = 0;
  bool later = false;
  for (const trace::StatementTrace& other : context.statements) {
    if (later && !other.alone && other.transaction == statement.transaction && !other.sql.empty() &&
        !other.taken_back)
      ms += other.ms;
    later = later || &other == &statement;
  }
  return ms;
}

void held_through_work(const RuleContext& context, Findings& findings) {
  constexpr std::int64_t long_enough_ms = 200;  // on the shadow, with few rows
  for (const trace::StatementTrace& statement : context.statements) {
    const trace::Lock* lock = strongest(statement, context, trace::access_exclusive);
    if (lock == nullptr || lock->transient || statement.alone) continue;
    const std::int64_t ms = work_after(context, statement);
    if (ms < long_enough_ms) continue;
    findings.add(statement, lock->table,
                 fmt::format("On the shadow, {} stayed locked in ACCESS EXCLUSIVE mode for {} ms "
                             "more while later statements of the transaction ran",
                             lock->table, ms));
  }
}

void explicit_lock(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (statement.tag != "LOCK TABLE") continue;
    const trace::Lock* lock = strongest(statement, context, trace::share);
    if (lock == nullptr) continue;
    findings.add(statement, lock->table,
                 fmt::format("LOCK TABLE holds {} in {} mode until the step commits", lock->table,
                             trace::spoken(lock->mode)));
  }
}

/// Tables that stood, by transaction, at the statement that made them more than one.
void several_tables(const RuleContext& context, Findings& findings) {
  std::map<std::string, std::set<std::string>> held;
  for (const trace::StatementTrace& statement : context.statements) {
    if (statement.alone) continue;
    std::set<std::string>& tables = held[statement.transaction];
    const std::size_t before = tables.size();
    for (const trace::Lock& lock : statement.locks) {
      const catalog::Relation* table = context.before.relation(lock.table);
      if (table != nullptr && database_state::is_table(*table) && lock.kind != 'i' &&
          !lock.transient && trace::strength(lock.mode) == trace::access_exclusive)
        tables.insert(lock.table);
    }
    if (before > 1 || tables.size() < 2) continue;
    findings.add(statement, *tables.begin(),
                 fmt::format("Reads and writes of {} all wait until this transaction commits",
                             text::listed({tables.begin(), tables.end()})));
    const auto named = std::count_if(tables.begin(), tables.end(), [&](const std::string& table) {
      return trace::says(statement, trace::bare_name(table));
    });
    // A foreign key has two tables, and what is inherited as many as inherit it.
    if (before == 0 && (named < 2 || statement.tag == "ALTER TABLE")) {
      findings.last().safer =
          "One statement locks these tables and cannot be split. Use a step of its own at a quiet "
          "time, with the engine's lock_timeout of 3 s: the statement gives up, and the engine "
          "tries again.";
    }
  }
}

void passed_over_twice(const RuleContext& context, Findings& findings) {
  std::map<std::pair<std::string, std::string>, int> passes;  // by transaction and table
  for (const trace::StatementTrace& statement : context.statements) {
    if (statement.alone || (statement.verified.empty() && !trace::rewrote(statement))) continue;
    const trace::Lock* lock = strongest(statement, context, trace::access_exclusive);
    if (lock == nullptr || ++passes[{statement.transaction, lock->table}] != 2) continue;
    findings.add_by_size(
        statement, lock->table,
        fmt::format("The transaction scans or rewrites all of {} ({}) a second time", lock->table,
                    context.size(lock->table)));
  }
}

void lock_timeout(const RuleContext& context, Findings& findings) {
  constexpr std::int64_t most_ms = 10'000;
  for (const trace::StatementTrace& statement : context.statements) {
    const trace::Lock* lock = strongest(statement, context, trace::share);
    if (lock == nullptr || trace::says(statement, "CONCURRENTLY") || statement.sql.empty() ||
        statement.lock_timeout_ms < 0 ||
        (statement.lock_timeout_ms > 0 && statement.lock_timeout_ms <= most_ms))
      continue;
    findings.add(
        statement, lock->table,
        fmt::format("The statement waits for its lock on {} {}", lock->table,
                    statement.lock_timeout_ms == 0
                        ? std::string{"without limit"}
                        : fmt::format("for up to {} s", statement.lock_timeout_ms / 1000)));
  }
}

/// All of whose rows it reads or writes anew; those that the plan made are nobody's yet.
std::set<std::string> tables_worked_on(const RuleContext& context,
                                       const trace::StatementTrace& statement) {
  std::set<std::string> tables;
  for (auto* each : {&tables_built_on, &tables_verified, &tables_validated}) {
    for (const std::string& table : (*each)(context, statement)) tables.insert(table);
  }
  for (const std::string& table : tables_rewritten(context, statement)) tables.insert(table);
  return tables;
}

void statement_timeout(const RuleContext& context, Findings& findings) {
  constexpr std::int64_t most_ms = 600'000;
  for (const trace::StatementTrace& statement : context.statements) {
    const trace::Lock* lock = strongest(statement, context, trace::share);
    const std::set<std::string> tables = tables_worked_on(context, statement);
    if (lock == nullptr || trace::says(statement, "CONCURRENTLY") ||
        statement.statement_timeout_ms < 0 ||
        (statement.statement_timeout_ms > 0 && statement.statement_timeout_ms <= most_ms))
      continue;
    for (const std::string& table : tables) {
      if (context.is_small(table)) continue;
      findings.add(statement, table,
                   fmt::format("No short statement_timeout ends this statement on {} ({}) while "
                               "other sessions wait for it",
                               table, context.size(table)));
      break;
    }
  }
}

/// Every lock waits for transactions that have touched the table, and CONCURRENTLY for all of them.
void long_transaction(const RuleContext& context, Findings& findings) {
  constexpr std::int64_t long_s = 30;
  const Production& production = context.production;
  if (production.oldest_transaction_s < long_s && production.prepared == 0) return;
  for (const trace::StatementTrace& statement : context.statements) {
    const bool concurrently =
        trace::says(statement, "CONCURRENTLY") && !statement.tag.starts_with("REFRESH");
    const trace::Lock* lock = strongest(statement, context, trace::share_update_exclusive);
    if (lock == nullptr || (trace::strength(lock->mode) < trace::access_exclusive && !concurrently))
      continue;
    findings.add(statement, lock->table,
                 production.oldest_transaction_s >= long_s
                     ? fmt::format("A transaction has been open on the target for {} s ({})",
                                   production.oldest_transaction_s, production.oldest)
                     : fmt::format("The target has {}",
                                   text::counted(production.prepared, "prepared transaction")));
    return;
  }
}

constexpr std::array rules{
    Rule{"lock.held-through-work", Severity::warning, Evidence::proved,
         "A table locked in ACCESS EXCLUSIVE mode can be neither read nor written until the "
         "transaction commits.",
         "Put the other work into a step of its own, before or after.", held_through_work},
    Rule{"lock.explicit", Severity::warning, Evidence::proved,
         "Sessions that need a conflicting lock on the table wait for the rest of the step.",
         "Keep the step short, or use the weakest mode that suffices.", explicit_lock},
    Rule{"lock.several-tables", Severity::warning, Evidence::proved,
         "A transaction that locks several tables waits for queries of one while it blocks the "
         "other, and can deadlock with one that locks them in another order.",
         "Use a step for each table.", several_tables},
    Rule{"lock.passed-over-twice", Severity::info, Evidence::proved,
         "Each ALTER TABLE scans or rewrites the rows anew, and reads and writes wait for all of "
         "it.",
         "Use one statement for both: ALTER TABLE t ALTER COLUMN a …, ALTER COLUMN b ….",
         passed_over_twice},
    Rule{"lock.timeout", Severity::warning, Evidence::proved,
         "While a statement waits for its lock, later queries of the table wait behind it.",
         "Keep the engine's lock_timeout of 3 s: the statement gives up, and the engine tries "
         "again.",
         lock_timeout},
    Rule{"statement.timeout", Severity::info, Evidence::proved,
         "The preview knows only a range for how long the statement takes on the target.",
         "Set statement_timeout = \"5min\" in the step: a slower statement then fails and changes "
         "nothing.",
         statement_timeout},
    Rule{"lock.long-transaction", Severity::warning, Evidence::estimated,
         "ACCESS EXCLUSIVE locks and CONCURRENTLY wait until older transactions end, and other "
         "sessions wait behind them.",
         "Before engine run, wait until the transaction ends, or end it with SELECT "
         "pg_terminate_backend(pid).",
         long_transaction},
};

}  // namespace

std::span<const Rule> lock_rules() { return rules; }

}  // namespace engine::hazard
