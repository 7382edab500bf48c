// Hazards in rows that the shadow does not have: what the probes of the target found.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/text.h"
#include "hazard/rules/rule_words.h"

namespace engine::hazard {
namespace {

std::string counted(const Probe& probe) {
  std::string words = text::counted(probe.rows, "row");
  if (probe.more) words = "at least " + words;
  if (!probe.examples.empty())
    words += fmt::format(" (key {})", text::joined(probe.examples, ", "));
  return words;
}

/// How much a statement looks like the one that rows like that would fail: what it names, and the
/// words that such a statement has.
int likeness(const trace::StatementTrace& statement, const Probe& probe) {
  using Words = std::map<std::string_view, std::map<std::string_view, int>>;
  static const Words words{{"nulls", {{"NULL", 1}}},
                           {"duplicates", {{"UNIQUE", 1}}},
                           {"orphans", {{"VALIDATE", 2}, {"REFERENCES", 1}}},
                           {"violations", {{"VALIDATE", 2}, {"CHECK", 1}}},
                           {"conflicts", {{"EXCLUDE", 1}}},
                           {"strays", {{"PARTITION", 1}, {"DETACH", -2}}},
                           {"misfits", {{"TYPE", 1}}}};
  int points = 0;
  for (const std::string& name : {trace::bare_name(probe.relation), trace::bare_name(probe.named)})
    points += trace::says(statement, name) ? 2 : 0;
  if (points == 0) return 0;
  points += trace::says(statement, probe.object) ? 2 : 0;
  if (const auto of = words.find(probe.of); of != words.end()) {
    for (const auto& [word, weight] : of->second)
      points += trace::says(statement, word) ? weight : 0;
  }
  return points;
}

/// The statement that the rows would fail.
const trace::StatementTrace* failing(const RuleContext& context, const Probe& probe) {
  if (probe.at >= 0) return &context.statements[static_cast<std::size_t>(probe.at)];
  const trace::StatementTrace* found = nullptr;
  int best = 3;  // the table, and something else
  for (const trace::StatementTrace& statement : context.statements) {
    const int points = likeness(statement, probe);
    if (points < best) continue;
    best = points;
    found = &statement;
  }
  return found != nullptr ? found : context.about(probe.relation, probe.object);
}

/// Does it write rows of that table, or would it where there are any? The shadow may have none of
/// those that an UPDATE is for, so that its lock tells, not its count: whatever inserts, updates,
/// deletes or merges takes ROW EXCLUSIVE, and no DDL does.
bool writes(const trace::StatementTrace& statement, const std::string& table) {
  if (statement.taken_back) return false;
  const auto rows = statement.rows.find(table);
  if (rows != statement.rows.end() &&
      rows->second.inserted + rows->second.updated + rows->second.deleted > 0)
    return true;
  return std::any_of(statement.locks.begin(), statement.locks.end(), [&](const trace::Lock& lock) {
    return lock.relation == table && (lock.mode == "RowExclusiveLock" ||
                                      (statement.tag == "TRUNCATE TABLE" &&
                                       trace::strength(lock.mode) == trace::access_exclusive));
  });
}

/// The tables whose rows decide: what a foreign key misses can be added where it points, and the
/// rows of a partitioned table are those of its partitions.
std::set<std::string> deciding(const RuleContext& context, const Probe& probe) {
  std::set<std::string> tables{probe.relation};
  for (const database_state::DatabaseState* picture : {&context.before, &context.after}) {
    const catalog::Relation* relation = picture->relation(probe.relation);
    if (relation == nullptr) continue;
    const catalog::Constraint* constraint = relation->constraint(probe.object);
    if (constraint != nullptr && constraint->type == 'f')
      tables.insert(constraint->references.quoted());
    for (const QualifiedName& child : relation->children) tables.insert(child.quoted());
  }
  return tables;
}

/// Does the plan write rows of that table before the statement that they would fail?
bool changed_before(const RuleContext& context, const Probe& probe) {
  const trace::StatementTrace* at = failing(context, probe);
  const std::set<std::string> tables = deciding(context, probe);
  for (const trace::StatementTrace& statement : context.statements) {
    if (&statement == at) return false;
    if (std::any_of(tables.begin(), tables.end(),
                    [&](const std::string& table) { return writes(statement, table); }))
      return true;
  }
  return false;
}

/// Then what the plan made of them let the statement through on the shadow, whatever the target has
/// before it.
bool all_were_there(const RuleContext& context, const Probe& probe) {
  const std::set<std::string> tables = deciding(context, probe);
  return std::none_of(tables.begin(), tables.end(), [&](const std::string& table) {
    return context.sampled.contains(table) || context.masked.contains(table);
  });
}

/// Of rows that are copied: does the plan change them where they are then? What it demands of them
/// it may demand only after that.
bool changed_after(const RuleContext& context, const Probe& probe) {
  if (probe.of != "copied" || probe.at < 0) return false;
  for (std::size_t number = static_cast<std::size_t>(probe.at) + 1;
       number < context.statements.size(); ++number) {
    const trace::StatementTrace& statement = context.statements[number];
    const bool changes = std::any_of(statement.rows.begin(), statement.rows.end(),
                                     [](const auto& rows) {
                                       return rows.second.updated + rows.second.deleted > 0;
                                     }) ||
                         statement.tag.starts_with("UPDATE") || statement.tag.starts_with("DELETE");
    if (changes && !statement.taken_back && trace::says(statement, trace::bare_name(probe.named)))
      return true;
  }
  return false;
}

/// A step before that was skipped here after its condition had read a sample of those rows: on the
/// target it may run, and change them. "" where there is none.
std::string skipped_before(const RuleContext& context, const Probe& probe) {
  const trace::StatementTrace* at = failing(context, probe);
  const std::set<std::string> tables = deciding(context, probe);
  for (const trace::StatementTrace& statement : context.statements) {
    if (&statement == at) return "";
    if (!statement.decides || !context.skipped.contains(statement.step)) continue;
    const bool read =
        std::any_of(statement.locks.begin(), statement.locks.end(), [&](const trace::Lock& lock) {
          return tables.contains(lock.table) && context.sampled.contains(lock.table);
        });
    if (read) return statement.step;
  }
  return "";
}

void add(const RuleContext& context, Findings& findings, const Probe& probe,
         const std::string& message) {
  if (const trace::StatementTrace* statement = failing(context, probe)) {
    findings.add(*statement, probe.relation, message);
  } else {
    findings.add(probe.relation, message);
  }
}

void found(const RuleContext& context, Findings& findings, std::string_view of,
           std::string_view words) {
  for (const Probe& probe : context.probes) {
    if (probe.of != of || probe.result != "found") continue;
    const bool later = changed_after(context, probe);
    const bool changed = later || changed_before(context, probe);
    if (changed && all_were_there(context, probe)) continue;
    const std::string skipped = changed ? "" : skipped_before(context, probe);
    std::string message =
        fmt::format("{} {} on the target: {}", probe.relation, words, counted(probe));
    if (changed) {
      message += fmt::format(
          "; the plan changes rows of the table {}: it fails at {} if one of these remains, which "
          "a sample of rows does not show",
          later ? "afterwards" : "beforehand", probe.object);
    } else if (!skipped.empty()) {
      message += fmt::format(
          "; step {} was skipped on the shadow, where its condition read a sample of the rows: the "
          "plan fails at {} on the target unless the step runs there and changes all of these",
          skipped, probe.object);
    } else {
      message += fmt::format("; the plan would fail at {}", probe.object);
    }
    add(context, findings, probe, message);
    if (!changed && skipped.empty()) continue;
    findings.last().severity = Severity::warning;
    findings.last().evidence = Evidence::estimated;
  }
}

void nulls(const RuleContext& context, Findings& findings) {
  found(context, findings, "nulls", "has NULLs");
}
void duplicates(const RuleContext& context, Findings& findings) {
  found(context, findings, "duplicates", "has duplicates");
}
void orphans(const RuleContext& context, Findings& findings) {
  found(context, findings, "orphans", "refers to rows that do not exist");
}
void violations(const RuleContext& context, Findings& findings) {
  found(context, findings, "violations", "has rows that break the constraint");
}
void conflicts(const RuleContext& context, Findings& findings) {
  found(context, findings, "conflicts", "has rows that exclude each other");
}
void strays(const RuleContext& context, Findings& findings) {
  found(context, findings, "strays", "has rows outside its partition bounds");
}
void misfits(const RuleContext& context, Findings& findings) {
  found(context, findings, "misfits", "has values that do not fit the new type");
}
void copied(const RuleContext& context, Findings& findings) {
  found(context, findings, "copied", "has rows that the table they are copied into refuses");
}

void not_probed(const RuleContext& context, Findings& findings) {
  for (const Probe& probe : context.probes) {
    if (probe.result != "not_probed") continue;
    // All of its rows are here, and the plan ran.
    if (all_were_there(context, probe)) continue;
    const std::string message =
        fmt::format("The preview did not check the rows of {} on the target for {}: {}",
                    probe.relation, probe.object, probe.reason);
    add(context, findings, probe, message);
    // Of a new column there is nothing to ask: the plan filled it, and here with what is wanted.
    if ((probe.of == "nulls" || probe.of == "violations") && probe.sql.empty()) {
      findings.last().severity = Severity::info;
      findings.last().safer = "Check the values in the verify of the step that fills the column.";
    }
  }
}

constexpr std::array rules{
    Rule{"data.nulls", Severity::danger, Evidence::proved,
         "A row with NULL makes the statement fail on the target, and the plan with it.",
         "In an earlier step, UPDATE … SET column = … WHERE column IS NULL; rows.every-row has the "
         "loop for many rows.",
         nulls},
    Rule{"data.duplicates", Severity::danger, Evidence::proved,
         "The build of the unique index fails after it has read the whole table.",
         "In an earlier step, DELETE or change all but one row of each duplicate; backup.snapshot "
         "first.",
         duplicates},
    Rule{"data.orphans", Severity::danger, Evidence::proved,
         "A foreign key cannot be validated while rows refer to missing ones.",
         "DELETE these rows, or set their reference to NULL, in a step before VALIDATE CONSTRAINT.",
         orphans},
    Rule{"data.violations", Severity::danger, Evidence::proved,
         "A constraint cannot be validated while rows violate it.",
         "UPDATE these rows in a step before VALIDATE CONSTRAINT.", violations},
    Rule{"data.conflicts", Severity::danger, Evidence::proved,
         "The build of the constraint's index fails after it has read the whole table.",
         "In an earlier step, DELETE or change one row of each pair; backup.snapshot first.",
         conflicts},
    Rule{"data.strays", Severity::danger, Evidence::proved,
         "ATTACH PARTITION, or CREATE TABLE … PARTITION OF beside a default partition, fails after "
         "it has scanned the whole table.",
         "Move these rows out in an earlier step: WITH moved AS (DELETE … RETURNING *) INSERT INTO "
         "… SELECT * FROM moved.",
         strays},
    Rule{"data.misfits", Severity::danger, Evidence::proved,
         "The conversion fails at the first value that does not fit.",
         "UPDATE these values in an earlier step, or use ALTER COLUMN … TYPE … USING an expression "
         "that fits.",
         misfits},
    Rule{"data.copied", Severity::danger, Evidence::proved,
         "The copy fails at the first row that the destination table refuses.",
         "Change the query so that the table accepts its rows (coalesce, WHERE), or the table: a "
         "default partition, or a constraint added NOT VALID after the copy.",
         copied},
    Rule{"data.not-probed", Severity::warning, Evidence::unrehearsable,
         "The shadow has few rows: that the plan succeeded there does not prove that it succeeds "
         "on the target.",
         "Before engine run, SELECT count(*) of the rows that violate it on the target by hand.",
         not_probed},
};

}  // namespace

std::span<const Rule> data_rules() { return rules; }

}  // namespace engine::hazard
