// Hazards of waiting: what a statement keeps others from doing, and for how long.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "preview/rule.h"

namespace engine::preview {
namespace {

/// The strongest lock that the statement took on a table that others may be using.
const Lock* strongest(const StatementTrace& statement, const Scene& scene, int at_least) {
  const Lock* found = nullptr;
  for (const Lock& lock : statement.locks) {
    if (!scene.stood(lock.table) || strength(lock.mode) < at_least) continue;
    if (found == nullptr || strength(lock.mode) > strength(found->mode)) found = &lock;
  }
  return found;
}

bool says(const StatementTrace& statement, std::string_view word) {
  const auto same = [](char a, char b) { return std::toupper(a) == std::toupper(b); };
  return std::search(statement.sql.begin(), statement.sql.end(), word.begin(), word.end(), same) !=
         statement.sql.end();
}

constexpr int share = 5, access_exclusive = 8;

void create_index(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (statement.tag != "CREATE INDEX" || says(statement, "CONCURRENTLY")) continue;
    const Lock* lock = strongest(statement, scene, share);
    if (lock == nullptr) continue;
    findings.add_by_size(statement, lock->table,
                         fmt::format("Writes to {} ({}) wait while the index is built", lock->table,
                                     scene.size(lock->table)));
  }
}

void drop_index(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (statement.tag != "DROP INDEX" || says(statement, "CONCURRENTLY")) continue;
    const Lock* lock = strongest(statement, scene, access_exclusive);
    if (lock == nullptr) continue;
    findings.add(statement, lock->table,
                 fmt::format("Every query of {} waits for this drop", lock->table));
  }
}

void reindex(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (statement.tag != "REINDEX" || says(statement, "CONCURRENTLY")) continue;
    const Lock* lock = strongest(statement, scene, share);
    if (lock == nullptr) continue;
    findings.add_by_size(
        statement, lock->table,
        fmt::format("Writes to {} ({}), and reads by its index, wait while it is built again",
                    lock->table, scene.size(lock->table)));
  }
}

void refresh(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (statement.tag != "REFRESH MATERIALIZED VIEW" || says(statement, "CONCURRENTLY")) continue;
    const Lock* lock = strongest(statement, scene, access_exclusive);
    if (lock == nullptr) continue;
    findings.add_by_size(statement, lock->table,
                         fmt::format("Nobody can read {} while it is filled", lock->table));
  }
}

void rewrite(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    for (const Nested& nested : statement.nested) {
      if (nested.event != "rewrite" || !scene.stood(nested.object)) continue;
      findings.add_by_size(statement, nested.object,
                           fmt::format("All of {} ({}) is written anew, with nobody reading or "
                                       "writing it meanwhile",
                                       nested.object, scene.size(nested.object)));
    }
  }
}

void vacuum_full(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    const bool full = statement.tag == "VACUUM" && says(statement, "FULL");
    if (!full && statement.tag != "CLUSTER") continue;
    const Lock* lock = strongest(statement, scene, access_exclusive);
    if (lock == nullptr) continue;
    findings.add_by_size(statement, lock->table,
                         fmt::format("All of {} ({}) is written anew, with nobody reading or "
                                     "writing it meanwhile",
                                     lock->table, scene.size(lock->table)));
  }
}

void scan_for_check(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (statement.tag != "ALTER TABLE" || statement.verified.empty()) continue;
    const Lock* lock = strongest(statement, scene, access_exclusive);
    if (lock == nullptr) continue;
    findings.add_by_size(statement, lock->table,
                         fmt::format("Every row of {} ({}) is read to prove a constraint, with "
                                     "nobody reading or writing it meanwhile",
                                     lock->table, scene.size(lock->table)));
  }
}

void foreign_key(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (statement.validated.empty() || says(statement, "VALIDATE CONSTRAINT")) continue;
    const Lock* lock = strongest(statement, scene, share);
    if (lock == nullptr) continue;
    findings.add_by_size(statement, lock->table,
                         fmt::format("Every row is checked against the new foreign key while "
                                     "writes to {} ({}), and to the table it refers to, wait",
                                     lock->table, scene.size(lock->table)));
  }
}

void unique_constraint(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (statement.tag != "ALTER TABLE" || statement.built.empty()) continue;
    const bool rewritten =
        std::any_of(statement.nested.begin(), statement.nested.end(),
                    [](const Nested& nested) { return nested.event == "rewrite"; });
    const Lock* lock = strongest(statement, scene, access_exclusive);
    if (lock == nullptr || rewritten) continue;
    findings.add_by_size(statement, lock->table,
                         fmt::format("The index of the new constraint is built with nobody reading "
                                     "or writing {} ({}) meanwhile",
                                     lock->table, scene.size(lock->table)));
  }
}

void held_through_work(const Scene& scene, Findings& findings) {
  constexpr std::int64_t long_enough_ms = 200;  // on the shadow, with few rows
  for (const StatementTrace& statement : scene.statements) {
    const Lock* lock = strongest(statement, scene, access_exclusive);
    if (lock == nullptr || lock->transient || statement.alone) continue;
    if (lock->held_ms - statement.ms < long_enough_ms) continue;
    findings.add(statement, lock->table,
                 fmt::format("{} stays locked for {} ms more on the shadow, until the statements "
                             "after this one have ended",
                             lock->table, lock->held_ms - statement.ms));
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

constexpr std::array rules{
    Rule{"index.create-blocking", "danger",
         "CREATE INDEX holds a SHARE lock until its step commits: reads go on, every write waits.",
         "CREATE INDEX CONCURRENTLY in a step with transaction = \"none\".", create_index},
    Rule{"index.drop-blocking", "warning",
         "DROP INDEX takes ACCESS EXCLUSIVE on the table, and waits behind its longest query with "
         "everybody else behind it.",
         "DROP INDEX CONCURRENTLY in a step with transaction = \"none\".", drop_index},
    Rule{"index.reindex-blocking", "danger", "REINDEX keeps writers out for all of its time.",
         "REINDEX … CONCURRENTLY in a step with transaction = \"none\".", reindex},
    Rule{"matview.refresh-blocking", "warning",
         "REFRESH takes ACCESS EXCLUSIVE for all of its time.",
         "REFRESH MATERIALIZED VIEW CONCURRENTLY, which wants a unique index on the view.",
         refresh},
    Rule{
        "table.rewrite", "danger",
        "A rewrite takes ACCESS EXCLUSIVE, room for a second copy, and writes as much WAL.",
        "Add a new column, fill it in batches, and let it take the old one's place; a default that "
        "is not volatile needs no rewrite.",
        rewrite},
    Rule{"table.rewrite-on-purpose", "danger", "It also needs room for a second copy.",
         "VACUUM without FULL, or an online tool (pg_repack).", vacuum_full},
    Rule{"constraint.scan", "danger", "The scan happens under ACCESS EXCLUSIVE.",
         "ADD CONSTRAINT … CHECK (…) NOT VALID, then VALIDATE CONSTRAINT in a later step; SET NOT "
         "NULL is free once a validated CHECK (column IS NOT NULL) stands.",
         scan_for_check},
    Rule{"constraint.foreign-key-validated", "danger",
         "Both tables are held in SHARE ROW EXCLUSIVE mode for all of it.",
         "ADD CONSTRAINT … FOREIGN KEY … NOT VALID, then VALIDATE CONSTRAINT in a later step.",
         foreign_key},
    Rule{"constraint.unique-builds-index", "danger", "The build happens under ACCESS EXCLUSIVE.",
         "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … UNIQUE USING INDEX.",
         unique_constraint},
    Rule{"lock.held-through-work", "warning", "Whoever needs that table waits for all of it.",
         "Put the work into a step of its own, before or after.", held_through_work},
    Rule{"lock.explicit", "warning", "Whoever needs that table waits for the rest of the step.",
         "Keep the step short, or take the weakest mode that does.", explicit_lock},
};

}  // namespace

std::span<const Rule> lock_rules() { return rules; }

}  // namespace engine::preview
