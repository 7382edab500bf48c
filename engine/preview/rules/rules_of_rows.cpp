// Hazards of rows: how many at once, under which locks, and what names them afterwards.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "preview/rules/rule_words.h"

namespace engine::preview {
namespace {

/// One of several that the same line sent, each in a transaction of its own. The shadow may have
/// fewer rows than one of them takes.
bool is_batch(const Scene& scene, const StatementTrace& statement) {
  const auto same = [&](const StatementTrace& other) {
    return other.file == statement.file && other.line == statement.line &&
           other.sql == statement.sql;
  };
  return statement.alone &&
         (statement.sql.empty() ||
          std::count_if(scene.statements.begin(), scene.statements.end(), same) > 1);
}

void every_row(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (is_batch(scene, statement)) continue;
    for (const auto& [table, counts] : statement.rows) {
      const std::int64_t changed = counts.updated + counts.deleted;
      const auto rows = scene.before.counts.find(table);
      if (rows == scene.before.counts.end() || changed == 0 || changed * 2 < rows->second ||
          rows->second < 2)
        continue;
      findings.add_by_size(
          statement, table,
          fmt::format(
              "{} of {} rows of {} were changed in one transaction on the shadow; the target "
              "has {}",
              text::grouped(changed), text::grouped(rows->second), table, scene.size(table)));
    }
  }
}

/// Rows written in a transaction that has locked out everybody else from their table before.
void under_lock(const Scene& scene, Findings& findings) {
  for (std::size_t number = 1; number < scene.statements.size(); ++number) {
    const StatementTrace& statement = scene.statements[number];
    if (statement.alone) continue;
    for (const auto& [table, counts] : statement.rows) {
      if (counts.inserted + counts.updated + counts.deleted == 0 || !scene.stood(table)) continue;
      for (std::size_t other = 0; other < number; ++other) {
        const StatementTrace& earlier = scene.statements[other];
        if (earlier.transaction != statement.transaction || earlier.alone) continue;
        const bool locked =
            std::any_of(earlier.locks.begin(), earlier.locks.end(), [&](const Lock& lock) {
              return lock.relation == table && strength(lock.mode) == access_exclusive &&
                     !lock.transient;
            });
        if (!locked) continue;
        findings.add_by_size(statement, table,
                             fmt::format("Rows of {} ({}) are written while the transaction keeps "
                                         "everybody else from reading it",
                                         table, scene.size(table)));
        break;
      }
    }
  }
}

/// As many rows as before, and most of them under another key: they were not kept but made again.
void new_keys(const Scene& scene, Findings& findings) {
  for (const auto& [table, before] : scene.before.keys) {
    const auto after = scene.after.keys.find(table);
    if (after == scene.after.keys.end() || after->second.size() * 2 < before.size()) continue;
    const auto kept = std::count_if(before.begin(), before.end(), [&](const std::string& key) {
      return after->second.contains(key);
    });
    if (before.empty() || static_cast<std::size_t>(kept) * 2 >= before.size()) continue;
    findings.add(table,
                 fmt::format("{} of {} rows of {} have another primary key afterwards",
                             text::grouped(static_cast<std::int64_t>(before.size()) - kept),
                             text::grouped(static_cast<std::int64_t>(before.size())), table));
  }
}

/// A sequence that never gave a number has no last one.
std::string standing(const SequenceState& sequence) {
  return sequence.value.empty() ? "its start" : sequence.value;
}

/// A table may have had another name then.
bool was_behind(const Scene& scene, const std::string& sequence) {
  const auto was = scene.before.sequences.find(sequence);
  return was != scene.before.sequences.end() &&
         std::any_of(was->second.columns.begin(), was->second.columns.end(),
                     [](const Numbered& column) { return column.behind; });
}

void sequence_behind(const Scene& scene, Findings& findings) {
  for (const auto& [sequence, state] : scene.after.sequences) {
    if (was_behind(scene, sequence)) continue;
    for (const Numbered& column : state.columns) {
      if (!column.behind) continue;
      findings.add(column.table,
                   fmt::format("Sequence {} stands at {}, and {}.{} goes up to {}", sequence,
                               standing(state), column.table, column.column, column.highest));
      if (!column.key) findings.last().severity = "warning";
    }
  }
}

void sequence_advanced(const Scene& scene, Findings& findings) {
  for (const auto& [sequence, state] : scene.after.sequences) {
    const auto was = scene.before.sequences.find(sequence);
    if (was == scene.before.sequences.end() || was->second.value == state.value) continue;
    findings.add(sequence, fmt::format("Sequence {} stood at {} and stands at {}", sequence,
                                       standing(was->second), standing(state)));
  }
}

constexpr std::array rules{
    Rule{"rows.every-row", "warning", "proved",
         "Row locks, dead rows and WAL add up until the commit, and replicas follow in one leap.",
         "In a step with transaction = \"none\", some thousand rows a transaction: repeat local "
         "rows "
         "= db.exec [[UPDATE … WHERE id IN (SELECT id FROM … WHERE column IS NULL LIMIT 5000)]] "
         "until rows == 0",
         every_row},
    Rule{"rows.under-lock", "warning", "proved",
         "Readers wait for the writing, not for the change of the table alone.",
         "Two steps: ALTER TABLE, then the rows, many of them in batches (rows.every-row).",
         under_lock},
    Rule{"rows.keys-changed", "danger", "proved",
         "What names them elsewhere (links, caches, other systems) no longer finds them.",
         "ALTER TABLE in place, or copy the keys with the rows.", new_keys},
    Rule{"sequence.behind", "danger", "proved",
         "The next INSERT that takes its number from there gives one that is there already: a "
         "duplicate, "
         "which fails where the key is that column alone, and is kept where it is not.",
         "SELECT setval('sequence', (SELECT max(column) FROM table)) in the same step.",
         sequence_behind},
    Rule{"sequence.advanced", "info", "proved",
         "Sequences are not undone by a rollback: numbers that were taken stay taken.",
         "Nothing, where gaps do not matter; else setval in the rollback.", sequence_advanced},
};

}  // namespace

std::span<const Rule> row_rules() { return rules; }

}  // namespace engine::preview
