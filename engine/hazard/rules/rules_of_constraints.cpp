// Hazards of constraints: what is proved while others wait, and what is no longer, or not yet,
// true.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "hazard/rules/rule_words.h"
#include "hazard/target/subject.h"

namespace engine::hazard {
namespace {

using catalog::Constraint;
using catalog::Relation;

/// Did a column of the relation become NOT NULL?
bool lost_null(const RuleContext& context, const std::string& table) {
  const Relation* was = context.before.relation(table);
  const Relation* now = context.after.relation(table);
  if (was == nullptr || now == nullptr) return false;
  return std::any_of(now->columns.begin(), now->columns.end(), [&](const auto& column) {
    const auto* before = was->column(column.name);
    return before != nullptr && !before->not_null && column.not_null;
  });
}

enum class ScanFor { check, not_null, primary_key };

ScanFor purpose(const trace::StatementTrace& statement, const RuleContext& context,
                const std::string& table) {
  if (!lost_null(context, table)) return ScanFor::check;
  if (trace::says(statement, "PRIMARY")) return ScanFor::primary_key;
  return trace::says(statement, "CHECK") ? ScanFor::check : ScanFor::not_null;
}

/// Statements that read all rows of a table in ACCESS EXCLUSIVE mode to prove that.
void scans(const RuleContext& context, Findings& findings, ScanFor wanted) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (statement.verified.empty() || trace::rewrote(statement) ||
        trace::says(statement, "PARTITION"))
      continue;
    // Its lock is an earlier statement's: constraint.validated-at-once tells of it.
    if (trace::says(statement, "VALIDATE CONSTRAINT") && !trace::says(statement, "ADD CONSTRAINT"))
      continue;
    const trace::Lock* lock = strongest(statement, context, trace::access_exclusive);
    if (lock == nullptr || purpose(statement, context, lock->table) != wanted) continue;
    findings.add_by_size(
        statement, lock->table,
        fmt::format(
            "Reads and writes of {} ({}) wait while ALTER TABLE scans every row to prove {}",
            lock->table, context.size(lock->table),
            wanted == ScanFor::check ? "the constraint" : "that the column has no NULL"));
  }
}

void scan_for_check(const RuleContext& context, Findings& findings) {
  scans(context, findings, ScanFor::check);
}

void scan_for_not_null(const RuleContext& context, Findings& findings) {
  scans(context, findings, ScanFor::not_null);
}

void scan_for_primary_key(const RuleContext& context, Findings& findings) {
  scans(context, findings, ScanFor::primary_key);
}

constexpr int takes_not_valid_of_partitioned = 180000;
constexpr const char* of_each_partition =
    "PostgreSQL before 18 refuses NOT VALID on a partitioned table. On each partition, ADD "
    "CONSTRAINT … FOREIGN KEY … NOT VALID, then VALIDATE CONSTRAINT in a later step; then add the "
    "same key to the partitioned table, which adopts the partitions' keys without reading their "
    "rows.";

void foreign_key(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (statement.validated.empty() || trace::says(statement, "VALIDATE CONSTRAINT")) continue;
    for (const std::string& table : tables_validated(context, statement)) {
      findings.add_by_size(statement, table,
                           fmt::format("Writes to {} ({}) and to the referenced table wait while "
                                       "every row is checked against the new foreign key",
                                       table, context.size(table)));
      const Relation* relation = context.before.relation(table);
      const bool parted = relation != nullptr && relation->kind == 'p';
      if (parted && context.production.version < takes_not_valid_of_partitioned)
        findings.last().safer = of_each_partition;
    }
  }
}

/// New constraints with an index that the statement itself built.
void builds_index(const RuleContext& context, Findings& findings, bool exclusion) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (statement.tag == "CREATE INDEX" || statement.tag == "REINDEX" || trace::rewrote(statement))
      continue;
    each_kept(context, [&](const Relation& was, const Relation& now) {
      if (was.oid != now.oid) return;
      for (const Constraint& constraint : now.constraints) {
        if (was.constraint(constraint.name) != nullptr || (constraint.type == 'x') != exclusion ||
            std::find(statement.built.begin(), statement.built.end(), constraint.index) ==
                statement.built.end())
          continue;
        const std::string table = now.name.quoted();
        findings.add_by_size(
            statement, table,
            fmt::format("Reads and writes of {} ({}) wait while ADD CONSTRAINT builds its index",
                        table, context.size(table)));
      }
    });
  }
}

void unique_constraint(const RuleContext& context, Findings& findings) {
  builds_index(context, findings, false);
}

void exclusion_constraint(const RuleContext& context, Findings& findings) {
  builds_index(context, findings, true);
}

/// The tables that a VALIDATE CONSTRAINT reads, and those that its foreign keys refer to.
std::set<std::string> validating(const RuleContext& context,
                                 const trace::StatementTrace& statement) {
  const std::vector<std::string> verified = tables_verified(context, statement);
  std::set<std::string> tables{verified.begin(), verified.end()};
  for (const std::string& table : tables_validated(context, statement)) {
    tables.insert(table);
    for (const database_state::DatabaseState* picture : {&context.before, &context.after}) {
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
std::set<std::string> held_by(const RuleContext& context, const trace::StatementTrace& statement,
                              const std::set<std::string>& tables, std::string& mode) {
  std::set<std::string> held;
  for (const trace::Lock& lock : statement.locks) {
    if (lock.kind == 'i' || lock.transient || trace::strength(lock.mode) < trace::share ||
        !context.stood(lock) || !tables.contains(lock.table))
      continue;
    if (trace::strength(lock.mode) > trace::strength(mode)) mode = lock.mode;
    held.insert(lock.table);
  }
  return held;
}

// A block that adds and validates is one statement: what it locks by itself counts as well.
// VALIDATE CONSTRAINT alone takes nothing that keeps writers out.
void validated_at_once(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    if (!trace::says(statement, "VALIDATE CONSTRAINT")) continue;
    const std::set<std::string> tables = validating(context, statement);
    std::set<std::string> held;
    std::string mode;
    for (const trace::StatementTrace& earlier : context.statements) {
      const bool itself = &earlier == &statement;
      if (itself
              ? !statement.validated.empty()
              : !statement.alone && !earlier.alone && earlier.transaction == statement.transaction)
        held.merge(held_by(context, earlier, tables, mode));
      if (itself) break;
    }
    if (held.empty()) continue;
    const std::vector<std::string> read = statement.validated.empty()
                                              ? tables_verified(context, statement)
                                              : tables_validated(context, statement);
    const std::string table = read.empty() ? *held.begin() : read.front();
    findings.add_by_size(
        statement, table,
        fmt::format(
            "VALIDATE CONSTRAINT reads all rows of {} ({}) while its transaction holds {} on {}",
            table, context.size(table), trace::spoken(mode),
            text::listed({held.begin(), held.end()})));
  }
}

void keys_together(const RuleContext& context, Findings& findings) {
  std::map<std::string, std::set<std::string>> parents;  // by transaction
  for (const trace::StatementTrace& statement : context.statements) {
    if (statement.alone || !trace::says(statement, "REFERENCES")) continue;
    std::size_t tables = parents[statement.transaction].size();
    for (const trace::Lock& lock : statement.locks) {
      if (lock.kind != 'i' && trace::strength(lock.mode) == trace::share_row_exclusive &&
          context.stood(lock.table))
        parents[statement.transaction].insert(lock.table);
    }
    const std::set<std::string>& held = parents[statement.transaction];
    if (held.size() < 3 || tables >= 3) continue;
    findings.add(statement, *held.begin(),
                 fmt::format("Writes to {} all wait until this transaction has added its last "
                             "foreign key and commits",
                             text::listed({held.begin(), held.end()})));
  }
}

void key_types(const RuleContext& context, Findings& findings) {
  each_new_constraint(context, [&](const Relation& table, const Constraint& key) {
    const Relation* parent =
        key.type == 'f' ? context.after.relation(key.references.quoted()) : nullptr;
    if (parent == nullptr) return;
    for (std::size_t i = 0; i < std::min(key.columns.size(), key.referenced_columns.size()); ++i) {
      const auto* one = table.column(key.columns[i]);
      const auto* other = parent->column(key.referenced_columns[i]);
      if (one == nullptr || other == nullptr || one->type == other->type) continue;
      findings.add(
          table.name.quoted(),
          fmt::format(
              "Foreign key column {}.{} is {}, but the column {}.{} that it references is {}",
              table.name.display(), one->name, one->type, parent->name.display(), other->name,
              other->type),
          key.name);
    }
  });
}

void dropped(const RuleContext& context, Findings& findings) {
  each_kept(context, [&](const Relation& was, const Relation& now) {
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
                   fmt::format("The plan drops constraint {} ({}) of {}", constraint.name,
                               constraint.definition, now.name.display()),
                   constraint.name);
    }
  });
}

void not_validated(const RuleContext& context, Findings& findings) {
  each_new_constraint(context, [&](const Relation& table, const Constraint& constraint) {
    if (constraint.validated) return;
    findings.add(table.name.quoted(),
                 fmt::format("The plan leaves constraint {} of {} NOT VALID", constraint.name,
                             table.name.display()),
                 constraint.name);
  });
}

bool leads(const catalog::Index& index, const Constraint& key) {
  if (index.columns.size() < key.columns.size() || !index.predicate.empty()) return false;
  return std::is_permutation(key.columns.begin(), key.columns.end(), index.columns.begin());
}

void unindexed_foreign_key(const RuleContext& context, Findings& findings) {
  each_new_constraint(context, [&](const Relation& table, const Constraint& key) {
    if (key.type != 'f' || std::any_of(table.indexes.begin(), table.indexes.end(),
                                       [&](const auto& index) { return leads(index, key); }))
      return;
    findings.add(table.name.quoted(),
                 fmt::format("The new foreign key {} ({}) of {} has no index on its columns",
                             key.name, text::joined(key.columns, ", "), table.name.display()),
                 key.name);
  });
}

constexpr std::array rules{
    Rule{"constraint.scan", Severity::danger, Evidence::proved,
         "ADD CONSTRAINT holds ACCESS EXCLUSIVE while it scans the whole table, and until its step "
         "commits.",
         "Use ADD CONSTRAINT … CHECK (…) NOT VALID, then VALIDATE CONSTRAINT in a later step.",
         scan_for_check},
    Rule{"constraint.not-null-scan", Severity::danger, Evidence::proved,
         "SET NOT NULL holds ACCESS EXCLUSIVE while it scans the whole table, and until its step "
         "commits.",
         "ADD CONSTRAINT c CHECK (column IS NOT NULL) NOT VALID; VALIDATE CONSTRAINT c in a later "
         "step; then SET NOT NULL, which skips the scan, and DROP CONSTRAINT c.",
         scan_for_not_null},
    Rule{"constraint.primary-key-nullable", Severity::danger, Evidence::proved,
         "PRIMARY KEY USING INDEX on nullable columns scans the whole table under ACCESS EXCLUSIVE "
         "to set them NOT NULL.",
         "Make the columns NOT NULL first, by way of a validated CHECK (column IS NOT NULL).",
         scan_for_primary_key},
    Rule{"constraint.foreign-key-validated", Severity::danger, Evidence::proved,
         "ADD FOREIGN KEY holds SHARE ROW EXCLUSIVE on both tables while it checks every row, and "
         "until its step commits.",
         "Use ADD CONSTRAINT … FOREIGN KEY … NOT VALID, then VALIDATE CONSTRAINT in a later step.",
         foreign_key},
    Rule{"constraint.foreign-keys-together", Severity::warning, Evidence::proved,
         "A transaction that locks several tables makes the writers of each wait longer, and "
         "deadlocks become likelier.",
         "Add each FOREIGN KEY … NOT VALID in a step of its own.", keys_together},
    Rule{"constraint.unique-builds-index", Severity::danger, Evidence::proved,
         "ADD UNIQUE and ADD PRIMARY KEY hold ACCESS EXCLUSIVE while they build their index, and "
         "until their step commits.",
         "Use CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … UNIQUE USING INDEX.",
         unique_constraint},
    Rule{"constraint.exclusion-builds-index", Severity::danger, Evidence::proved,
         "ADD CONSTRAINT … EXCLUDE builds its index under ACCESS EXCLUSIVE, and supports neither "
         "NOT VALID nor USING INDEX.",
         "Add it while the table is small, or enforce it in a trigger; otherwise announce how long "
         "the table will be locked.",
         exclusion_constraint},
    Rule{"constraint.validated-at-once", Severity::danger, Evidence::proved,
         "NOT VALID shortens the lock only if its transaction commits before VALIDATE CONSTRAINT "
         "scans the rows.",
         "Use two steps: ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT.", validated_at_once},
    Rule{"constraint.key-types-differ", Severity::warning, Evidence::proved,
         "Joins on a foreign key of another type convert every value, and the smaller type "
         "overflows first.",
         "Give the referencing column the type of the column that it references.", key_types},
    Rule{
        "constraint.dropped", Severity::warning, Evidence::proved,
        "Rows that a dropped constraint refused become possible, and it cannot be added back while "
        "such rows exist.",
        "Keep the constraint, or first add its replacement with NOT VALID and VALIDATE CONSTRAINT.",
        dropped},
    Rule{"constraint.left-not-valid", Severity::info, Evidence::proved,
         "A NOT VALID constraint is checked for new and changed rows only: existing rows may "
         "violate it.",
         "Use VALIDATE CONSTRAINT in a later step: it blocks neither reads nor writes.",
         not_validated},
    Rule{"foreign-key.no-index", Severity::warning, Evidence::proved,
         "Without an index on the referencing columns, each DELETE or key UPDATE of a referenced "
         "row scans the whole referencing table.",
         "Use CREATE INDEX CONCURRENTLY on the referencing columns.", unindexed_foreign_key},
};

}  // namespace

std::span<const Rule> constraint_rules() { return rules; }

}  // namespace engine::hazard
