// Hazards of constraints: what is proved while others wait, and what is no longer, or not yet,
// true.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "preview/rules/rule_words.h"
#include "preview/target/subject.h"

namespace engine::preview {
namespace {

using catalog::Constraint;
using catalog::Relation;

/// Did a column of the relation become NOT NULL?
bool lost_null(const Scene& scene, const std::string& table) {
  const Relation* was = scene.before.relation(table);
  const Relation* now = scene.after.relation(table);
  if (was == nullptr || now == nullptr) return false;
  return std::any_of(now->columns.begin(), now->columns.end(), [&](const auto& column) {
    const auto* before = was->column(column.name);
    return before != nullptr && !before->not_null && column.not_null;
  });
}

enum class ScanFor { check, not_null, primary_key };

ScanFor purpose(const StatementTrace& statement, const Scene& scene, const std::string& table) {
  if (!lost_null(scene, table)) return ScanFor::check;
  if (says(statement, "PRIMARY")) return ScanFor::primary_key;
  return says(statement, "CHECK") ? ScanFor::check : ScanFor::not_null;
}

/// Statements that read all rows of a table in ACCESS EXCLUSIVE mode to prove that.
void scans(const Scene& scene, Findings& findings, ScanFor wanted) {
  for (const StatementTrace& statement : scene.statements) {
    if (statement.verified.empty() || rewrote(statement) || says(statement, "PARTITION")) continue;
    // Its lock is an earlier statement's: constraint.validated-at-once tells of it.
    if (says(statement, "VALIDATE CONSTRAINT") && !says(statement, "ADD CONSTRAINT")) continue;
    const Lock* lock = strongest(statement, scene, access_exclusive);
    if (lock == nullptr || purpose(statement, scene, lock->table) != wanted) continue;
    findings.add_by_size(
        statement, lock->table,
        fmt::format("Every row of {} ({}) is read to prove {}, with nobody reading or writing it "
                    "meanwhile",
                    lock->table, scene.size(lock->table),
                    wanted == ScanFor::check ? "a constraint" : "that a column has no NULL"));
  }
}

void scan_for_check(const Scene& scene, Findings& findings) {
  scans(scene, findings, ScanFor::check);
}

void scan_for_not_null(const Scene& scene, Findings& findings) {
  scans(scene, findings, ScanFor::not_null);
}

void scan_for_primary_key(const Scene& scene, Findings& findings) {
  scans(scene, findings, ScanFor::primary_key);
}

constexpr int takes_not_valid_of_partitioned = 180000;
constexpr const char* of_each_partition =
    "PostgreSQL before 18 takes no NOT VALID here: for each partition ADD CONSTRAINT … FOREIGN KEY "
    "… NOT VALID, then VALIDATE CONSTRAINT in a later step; then the same key on the partitioned "
    "table, which takes over those of its partitions without a look at their rows.";

void foreign_key(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (statement.validated.empty() || says(statement, "VALIDATE CONSTRAINT")) continue;
    for (const std::string& table : tables_validated(scene, statement)) {
      findings.add_by_size(statement, table,
                           fmt::format("Every row is checked against the new foreign key while "
                                       "writes to {} ({}), and to the table it refers to, wait",
                                       table, scene.size(table)));
      const Relation* relation = scene.before.relation(table);
      const bool parted = relation != nullptr && relation->kind == 'p';
      if (parted && scene.production.version < takes_not_valid_of_partitioned)
        findings.last().safer = of_each_partition;
    }
  }
}

/// New constraints with an index that the statement itself built.
void builds_index(const Scene& scene, Findings& findings, bool exclusion) {
  for (const StatementTrace& statement : scene.statements) {
    if (statement.tag == "CREATE INDEX" || statement.tag == "REINDEX" || rewrote(statement))
      continue;
    each_kept(scene, [&](const Relation& was, const Relation& now) {
      if (was.oid != now.oid) return;
      for (const Constraint& constraint : now.constraints) {
        if (was.constraint(constraint.name) != nullptr || (constraint.type == 'x') != exclusion ||
            std::find(statement.built.begin(), statement.built.end(), constraint.index) ==
                statement.built.end())
          continue;
        const std::string table = now.name.quoted();
        findings.add_by_size(
            statement, table,
            fmt::format("The index of the new constraint is built with nobody reading or writing "
                        "{} ({}) meanwhile",
                        table, scene.size(table)));
      }
    });
  }
}

void unique_constraint(const Scene& scene, Findings& findings) {
  builds_index(scene, findings, false);
}

void exclusion_constraint(const Scene& scene, Findings& findings) {
  builds_index(scene, findings, true);
}

/// The tables that a VALIDATE CONSTRAINT reads, and those that its foreign keys refer to.
std::set<std::string> validating(const Scene& scene, const StatementTrace& statement) {
  const std::vector<std::string> verified = tables_verified(scene, statement);
  std::set<std::string> tables{verified.begin(), verified.end()};
  for (const std::string& table : tables_validated(scene, statement)) {
    tables.insert(table);
    for (const Picture* picture : {&scene.before, &scene.after}) {
      const Relation* child = picture->relation(table);
      for (const std::string& name : statement.validated) {
        const Constraint* key = child == nullptr ? nullptr : child->constraint(name);
        if (key != nullptr && key->type == 'f') tables.insert(key->references.quoted());
      }
    }
  }
  return tables;
}

/// Of those tables, the ones that the statement keeps from being written while another works, and
/// in which mode the first of them.
std::set<std::string> held_by(const Scene& scene, const StatementTrace& statement,
                              const std::set<std::string>& tables, std::string& mode) {
  std::set<std::string> held;
  for (const Lock& lock : statement.locks) {
    if (lock.kind == 'i' || lock.transient || strength(lock.mode) < share || !scene.stood(lock) ||
        !tables.contains(lock.table))
      continue;
    if (strength(lock.mode) > strength(mode)) mode = lock.mode;
    held.insert(lock.table);
  }
  return held;
}

// A block that adds and validates is one statement: what it locks by itself counts as well.
// VALIDATE CONSTRAINT alone takes nothing that keeps writers out.
void validated_at_once(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (!says(statement, "VALIDATE CONSTRAINT")) continue;
    const std::set<std::string> tables = validating(scene, statement);
    std::set<std::string> held;
    std::string mode;
    for (const StatementTrace& earlier : scene.statements) {
      const bool itself = &earlier == &statement;
      if (itself
              ? !statement.validated.empty()
              : !statement.alone && !earlier.alone && earlier.transaction == statement.transaction)
        held.merge(held_by(scene, earlier, tables, mode));
      if (itself) break;
    }
    if (held.empty()) continue;
    const std::vector<std::string> read = statement.validated.empty()
                                              ? tables_verified(scene, statement)
                                              : tables_validated(scene, statement);
    const std::string table = read.empty() ? *held.begin() : read.front();
    findings.add_by_size(
        statement, table,
        fmt::format("All rows of {} ({}) are read while this transaction holds {} on {}", table,
                    scene.size(table), spoken(mode), text::listed({held.begin(), held.end()})));
  }
}

void keys_together(const Scene& scene, Findings& findings) {
  std::map<std::string, std::set<std::string>> parents;  // by transaction
  for (const StatementTrace& statement : scene.statements) {
    if (statement.alone || !says(statement, "REFERENCES")) continue;
    std::size_t tables = parents[statement.transaction].size();
    for (const Lock& lock : statement.locks) {
      if (lock.kind != 'i' && strength(lock.mode) == share_row_exclusive && scene.stood(lock.table))
        parents[statement.transaction].insert(lock.table);
    }
    const std::set<std::string>& held = parents[statement.transaction];
    if (held.size() < 3 || tables >= 3) continue;
    findings.add(statement, *held.begin(),
                 fmt::format("Writes to {} wait together until the last foreign key of this "
                             "transaction stands",
                             text::listed({held.begin(), held.end()})));
  }
}

void key_types(const Scene& scene, Findings& findings) {
  each_new_constraint(scene, [&](const Relation& table, const Constraint& key) {
    const Relation* parent =
        key.type == 'f' ? scene.after.relation(key.references.quoted()) : nullptr;
    if (parent == nullptr) return;
    for (std::size_t i = 0; i < std::min(key.columns.size(), key.referenced_columns.size()); ++i) {
      const auto* one = table.column(key.columns[i]);
      const auto* other = parent->column(key.referenced_columns[i]);
      if (one == nullptr || other == nullptr || one->type == other->type) continue;
      findings.add(
          table.name.quoted(),
          fmt::format("{}.{} is {}, and {}.{}, which it refers to, is {}", table.name.display(),
                      one->name, one->type, parent->name.display(), other->name, other->type),
          key.name);
    }
  });
}

void dropped(const Scene& scene, Findings& findings) {
  each_kept(scene, [&](const Relation& was, const Relation& now) {
    for (const Constraint& constraint : was.constraints) {
      if (constraint.type == 'n' || now.constraint(constraint.name) != nullptr) continue;
      const bool kept = std::any_of(
          now.constraints.begin(), now.constraints.end(),
          [&](const Constraint& other) { return other.definition == constraint.definition; });
      // CHECK (column IS NOT NULL) is what SET NOT NULL takes the place of.
      const bool became_not_null = constraint.type == 'c' &&
                                   std::all_of(constraint.columns.begin(), constraint.columns.end(),
                                               [&](const std::string& name) {
                                                 const auto* column = now.column(name);
                                                 return column != nullptr && column->not_null;
                                               }) &&
                                   constraint.definition.find("IS NOT NULL") != std::string::npos;
      const bool column_gone =
          std::any_of(constraint.columns.begin(), constraint.columns.end(),
                      [&](const std::string& name) { return now.column(name) == nullptr; });
      if (kept || became_not_null || column_gone) continue;
      findings.add(now.name.quoted(),
                   fmt::format("Constraint {} ({}) of {} no longer holds", constraint.name,
                               constraint.definition, now.name.display()),
                   constraint.name);
    }
  });
}

void not_validated(const Scene& scene, Findings& findings) {
  each_new_constraint(scene, [&](const Relation& table, const Constraint& constraint) {
    if (constraint.validated) return;
    findings.add(
        table.name.quoted(),
        fmt::format("Constraint {} of {} is left NOT VALID", constraint.name, table.name.display()),
        constraint.name);
  });
}

bool leads(const catalog::Index& index, const Constraint& key) {
  if (index.columns.size() < key.columns.size() || !index.predicate.empty()) return false;
  return std::is_permutation(key.columns.begin(), key.columns.end(), index.columns.begin());
}

void unindexed_foreign_key(const Scene& scene, Findings& findings) {
  each_new_constraint(scene, [&](const Relation& table, const Constraint& key) {
    if (key.type != 'f' || std::any_of(table.indexes.begin(), table.indexes.end(),
                                       [&](const auto& index) { return leads(index, key); }))
      return;
    findings.add(table.name.quoted(),
                 fmt::format("The new foreign key {} ({}) of {} has no index", key.name,
                             text::joined(key.columns, ", "), table.name.display()),
                 key.name);
  });
}

constexpr std::array rules{
    Rule{"constraint.scan", "danger", "proved", "The scan happens under ACCESS EXCLUSIVE.",
         "ADD CONSTRAINT … CHECK (…) NOT VALID, then VALIDATE CONSTRAINT in a later step.",
         scan_for_check},
    Rule{"constraint.not-null-scan", "danger", "proved",
         "SET NOT NULL reads the whole table under ACCESS EXCLUSIVE.",
         "ADD CONSTRAINT c CHECK (column IS NOT NULL) NOT VALID; VALIDATE CONSTRAINT c in a later "
         "step; then SET NOT NULL, which reads nothing, and DROP CONSTRAINT c.",
         scan_for_not_null},
    Rule{"constraint.primary-key-nullable", "danger", "proved",
         "PRIMARY KEY USING INDEX on columns that may be NULL proves NOT NULL by a scan.",
         "Make the columns NOT NULL first, by way of a validated CHECK (column IS NOT NULL).",
         scan_for_primary_key},
    Rule{"constraint.foreign-key-validated", "danger", "proved",
         "Both tables are held in SHARE ROW EXCLUSIVE mode for all of it.",
         "ADD CONSTRAINT … FOREIGN KEY … NOT VALID, then VALIDATE CONSTRAINT in a later step.",
         foreign_key},
    Rule{"constraint.foreign-keys-together", "warning", "proved",
         "The more tables one transaction locks, the longer each of them waits, and the likelier a "
         "deadlock.",
         "A step for each FOREIGN KEY … NOT VALID.", keys_together},
    Rule{"constraint.unique-builds-index", "danger", "proved",
         "The build happens under ACCESS EXCLUSIVE.",
         "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … UNIQUE USING INDEX.",
         unique_constraint},
    Rule{"constraint.exclusion-builds-index", "danger", "proved",
         "EXCLUDE builds its index under ACCESS EXCLUSIVE, and has neither NOT VALID nor USING "
         "INDEX.",
         "Add it to the table while that is small, or enforce it in a trigger; else announce the "
         "time that it takes.",
         exclusion_constraint},
    Rule{"constraint.validated-at-once", "danger", "proved",
         "NOT VALID helps only where the transaction that takes the strong lock ends before the "
         "scan.",
         "Two steps: ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT.", validated_at_once},
    Rule{"constraint.key-types-differ", "warning", "proved",
         "Joins convert each value, and the smaller type overflows first.",
         "Give the referring column the type of the column it refers to.", key_types},
    Rule{"constraint.dropped", "warning", "proved",
         "Nothing keeps rows from breaking it from then on, and it comes back only when they do "
         "not.",
         "Keep it, or put its replacement (NOT VALID, then VALIDATE CONSTRAINT) there first.",
         dropped},
    Rule{"constraint.left-not-valid", "info", "proved", "Old rows may break it.",
         "VALIDATE CONSTRAINT in a later step: it takes no strong lock.", not_validated},
    Rule{"foreign-key.no-index", "warning", "proved",
         "Each delete or key update in the table it refers to scans all of it.",
         "CREATE INDEX CONCURRENTLY on the referencing columns.", unindexed_foreign_key},
};

}  // namespace

std::span<const Rule> constraint_rules() { return rules; }

}  // namespace engine::preview
