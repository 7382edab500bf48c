// Hazards of rows: how many at once, under which locks, and what names them afterwards.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "hazard/rules/rule_words.h"

namespace engine::hazard {
namespace {

/// One of several that the same line sent, each in a transaction of its own. The shadow may have
/// fewer rows than one of them takes.
bool is_batch(const RuleContext& context, const trace::StatementTrace& statement) {
  const auto same = [&](const trace::StatementTrace& other) {
    return other.file == statement.file && other.line == statement.line &&
           other.sql == statement.sql;
  };
  return statement.alone &&
         (statement.sql.empty() ||
          std::count_if(context.statements.begin(), context.statements.end(), same) > 1);
}

void every_row(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (is_batch(context, statement)) continue;
    for (const auto& [table, counts] : statement.rows) {
      const std::int64_t changed = counts.updated + counts.deleted;
      const auto rows = context.before.counts.find(table);
      if (rows == context.before.counts.end() || changed == 0 || changed * 2 < rows->second ||
          rows->second < 2)
        continue;
      findings.add_by_size(
          statement, table,
          fmt::format(
              "On the shadow, one transaction changed {} of {} rows of {}; the target has {}",
              text::grouped(changed), text::grouped(rows->second), table, context.size(table)));
    }
  }
}

/// Rows written in a transaction that has locked out everybody else from their table before.
void under_lock(const RuleContext& context, Findings& findings) {
  for (std::size_t number = 1; number < context.statements.size(); ++number) {
    const trace::StatementTrace& statement = context.statements[number];
    if (statement.alone) continue;
    for (const auto& [table, counts] : statement.rows) {
      if (counts.inserted + counts.updated + counts.deleted == 0 || !context.stood(table)) continue;
      for (std::size_t other = 0; other < number; ++other) {
        const trace::StatementTrace& earlier = context.statements[other];
        if (earlier.transaction != statement.transaction || earlier.alone) continue;
        const bool locked =
            std::any_of(earlier.locks.begin(), earlier.locks.end(), [&](const trace::Lock& lock) {
              return lock.relation == table &&
                     trace::strength(lock.mode) == trace::access_exclusive && !lock.transient;
            });
        if (!locked) continue;
        findings.add_by_size(statement, table,
                             fmt::format("Reads and writes of {} ({}) wait while a transaction "
                                         "that holds ACCESS EXCLUSIVE on it writes rows",
                                         table, context.size(table)));
        break;
      }
    }
  }
}

/// As many rows as before, and most of them under another key: they were not kept but made again.
void new_keys(const RuleContext& context, Findings& findings) {
  for (const auto& [table, before] : context.before.keys) {
    const auto after = context.after.keys.find(table);
    if (after == context.after.keys.end() || after->second.size() * 2 < before.size()) continue;
    const auto kept = std::count_if(before.begin(), before.end(), [&](const std::string& key) {
      return after->second.contains(key);
    });
    if (before.empty() || static_cast<std::size_t>(kept) * 2 >= before.size()) continue;
    findings.add(table,
                 fmt::format("The plan gives {} of {} rows of {} another primary key",
                             text::grouped(static_cast<std::int64_t>(before.size()) - kept),
                             text::grouped(static_cast<std::int64_t>(before.size())), table));
  }
}

/// A sequence that never gave a number has no last one.
std::string standing(const database_state::SequenceState& sequence) {
  return sequence.value.empty() ? "its start" : sequence.value;
}

/// A table may have had another name then.
bool was_behind(const RuleContext& context, const std::string& sequence) {
  const auto was = context.before.sequences.find(sequence);
  return was != context.before.sequences.end() &&
         std::any_of(was->second.columns.begin(), was->second.columns.end(),
                     [](const database_state::Numbered& column) { return column.behind; });
}

void sequence_behind(const RuleContext& context, Findings& findings) {
  for (const auto& [sequence, state] : context.after.sequences) {
    if (was_behind(context, sequence)) continue;
    for (const database_state::Numbered& column : state.columns) {
      if (!column.behind) continue;
      findings.add(column.table,
                   fmt::format("Sequence {} is at {}, but {}.{} already goes up to {}", sequence,
                               standing(state), column.table, column.column, column.highest));
      if (!column.key) findings.last().severity = Severity::warning;
    }
  }
}

void sequence_advanced(const RuleContext& context, Findings& findings) {
  for (const auto& [sequence, state] : context.after.sequences) {
    const auto was = context.before.sequences.find(sequence);
    if (was == context.before.sequences.end() || was->second.value == state.value) continue;
    findings.add(sequence, fmt::format("The plan moves sequence {} from {} to {}", sequence,
                                       standing(was->second), standing(state)));
  }
}

constexpr std::array rules{
    Rule{"rows.every-row", Severity::warning, Evidence::proved,
         "A large transaction keeps its row locks and dead rows until it commits, and its WAL "
         "makes replicas lag.",
         "In a step with transaction = \"none\", change a few thousand rows per transaction: "
         "repeat local rows = db.exec [[UPDATE … WHERE id IN (SELECT id FROM … WHERE column IS "
         "NULL LIMIT 5000)]] until rows == 0",
         every_row},
    Rule{"rows.under-lock", Severity::warning, Evidence::proved,
         "A transaction that writes rows after ALTER TABLE holds ACCESS EXCLUSIVE until all rows "
         "are written.",
         "Use two steps: ALTER TABLE, then the rows, in batches if there are many (see "
         "rows.every-row).",
         under_lock},
    Rule{"rows.keys-changed", Severity::danger, Evidence::proved,
         "Links, caches and other systems that store the old keys no longer find the rows.",
         "ALTER TABLE in place, or copy the keys with the rows.", new_keys},
    Rule{"sequence.behind", Severity::danger, Evidence::proved,
         "The next INSERT takes a number that exists already: it fails where the column alone is a "
         "key, and stores a duplicate elsewhere.",
         "Run SELECT setval('sequence', (SELECT max(column) FROM table)) in the same step.",
         sequence_behind},
    Rule{"sequence.advanced", Severity::info, Evidence::proved,
         "A rollback does not reset a sequence: numbers that the plan took stay taken.",
         "Do nothing if gaps are acceptable; otherwise call setval in the rollback.",
         sequence_advanced},
};

}  // namespace

std::span<const Rule> row_rules() { return rules; }

}  // namespace engine::hazard
