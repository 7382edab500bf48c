// Hazards in rows that the shadow does not have: what the probes of the target found.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/text.h"
#include "preview/rules/rule_words.h"

namespace engine::preview {
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
int likeness(const StatementTrace& statement, const Probe& probe) {
  using Words = std::map<std::string_view, std::map<std::string_view, int>>;
  static const Words words{{"nulls", {{"NULL", 1}}},
                           {"duplicates", {{"UNIQUE", 1}}},
                           {"orphans", {{"VALIDATE", 2}, {"REFERENCES", 1}}},
                           {"violations", {{"VALIDATE", 2}, {"CHECK", 1}}},
                           {"conflicts", {{"EXCLUDE", 1}}},
                           {"strays", {{"PARTITION", 1}, {"DETACH", -2}}},
                           {"misfits", {{"TYPE", 1}}}};
  int points = 0;
  for (const std::string& name : {bare_name(probe.relation), bare_name(probe.named)})
    points += says(statement, name) ? 2 : 0;
  if (points == 0) return 0;
  points += says(statement, probe.object) ? 2 : 0;
  if (const auto of = words.find(probe.of); of != words.end()) {
    for (const auto& [word, weight] : of->second) points += says(statement, word) ? weight : 0;
  }
  return points;
}

/// The statement that the rows would fail.
const StatementTrace* failing(const Scene& scene, const Probe& probe) {
  if (probe.at >= 0) return &scene.statements[static_cast<std::size_t>(probe.at)];
  const StatementTrace* found = nullptr;
  int best = 3;  // the table, and something else
  for (const StatementTrace& statement : scene.statements) {
    const int points = likeness(statement, probe);
    if (points < best) continue;
    best = points;
    found = &statement;
  }
  return found != nullptr ? found : scene.about(probe.relation, probe.object);
}

/// Does it write rows of that table, or would it where there are any? The shadow may have none of
/// those that an UPDATE is for, so that its lock tells, not its count: whatever inserts, updates,
/// deletes or merges takes ROW EXCLUSIVE, and no DDL does.
bool writes(const StatementTrace& statement, const std::string& table) {
  if (statement.taken_back) return false;
  const auto rows = statement.rows.find(table);
  if (rows != statement.rows.end() &&
      rows->second.inserted + rows->second.updated + rows->second.deleted > 0)
    return true;
  return std::any_of(statement.locks.begin(), statement.locks.end(), [&](const Lock& lock) {
    return lock.relation == table &&
           (lock.mode == "RowExclusiveLock" ||
            (statement.tag == "TRUNCATE TABLE" && strength(lock.mode) == access_exclusive));
  });
}

/// The tables whose rows decide: what a foreign key misses can be added where it points, and the
/// rows of a partitioned table are those of its partitions.
std::set<std::string> deciding(const Scene& scene, const Probe& probe) {
  std::set<std::string> tables{probe.relation};
  for (const Picture* picture : {&scene.before, &scene.after}) {
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
bool changed_before(const Scene& scene, const Probe& probe) {
  const StatementTrace* at = failing(scene, probe);
  const std::set<std::string> tables = deciding(scene, probe);
  for (const StatementTrace& statement : scene.statements) {
    if (&statement == at) return false;
    if (std::any_of(tables.begin(), tables.end(),
                    [&](const std::string& table) { return writes(statement, table); }))
      return true;
  }
  return false;
}

/// Then what the plan made of them let the statement through on the shadow, whatever the target has
/// before it.
bool all_were_there(const Scene& scene, const Probe& probe) {
  const std::set<std::string> tables = deciding(scene, probe);
  return std::none_of(tables.begin(), tables.end(), [&](const std::string& table) {
    return scene.sampled.contains(table) || scene.masked.contains(table);
  });
}

/// Of rows that are copied: does the plan change them where they are then? What it demands of them
/// it may demand only after that.
bool changed_after(const Scene& scene, const Probe& probe) {
  if (probe.of != "copied" || probe.at < 0) return false;
  for (std::size_t number = static_cast<std::size_t>(probe.at) + 1;
       number < scene.statements.size(); ++number) {
    const StatementTrace& statement = scene.statements[number];
    const bool changes = std::any_of(statement.rows.begin(), statement.rows.end(),
                                     [](const auto& rows) {
                                       return rows.second.updated + rows.second.deleted > 0;
                                     }) ||
                         statement.tag.starts_with("UPDATE") || statement.tag.starts_with("DELETE");
    if (changes && !statement.taken_back && says(statement, bare_name(probe.named))) return true;
  }
  return false;
}

/// A step before that was skipped here after its condition had read a sample of those rows: on the
/// target it may run, and change them. "" where there is none.
std::string skipped_before(const Scene& scene, const Probe& probe) {
  const StatementTrace* at = failing(scene, probe);
  const std::set<std::string> tables = deciding(scene, probe);
  for (const StatementTrace& statement : scene.statements) {
    if (&statement == at) return "";
    if (!statement.decides || !scene.skipped.contains(statement.step)) continue;
    const bool read =
        std::any_of(statement.locks.begin(), statement.locks.end(), [&](const Lock& lock) {
          return tables.contains(lock.table) && scene.sampled.contains(lock.table);
        });
    if (read) return statement.step;
  }
  return "";
}

void add(const Scene& scene, Findings& findings, const Probe& probe, const std::string& message) {
  if (const StatementTrace* statement = failing(scene, probe)) {
    findings.add(*statement, probe.relation, message);
  } else {
    findings.add(probe.relation, message);
  }
}

void found(const Scene& scene, Findings& findings, std::string_view of, std::string_view words) {
  for (const Probe& probe : scene.probes) {
    if (probe.of != of || probe.result != "found") continue;
    const bool later = changed_after(scene, probe);
    const bool changed = later || changed_before(scene, probe);
    if (changed && all_were_there(scene, probe)) continue;
    const std::string skipped = changed ? "" : skipped_before(scene, probe);
    std::string message =
        fmt::format("{} {} on the target: {}", probe.relation, words, counted(probe));
    if (changed) {
      message += fmt::format(
          "; the plan changes rows of it {}: {} fails where it leaves one of these, which only "
          "some rows do not show",
          later ? "afterwards" : "before", probe.object);
    } else if (!skipped.empty()) {
      message += fmt::format(
          "; step {} was skipped here, by few rows of it: where it runs on the target and changes "
          "all of these, nothing fails; else {} would fail",
          skipped, probe.object);
    } else {
      message += fmt::format("; {} would fail", probe.object);
    }
    add(scene, findings, probe, message);
    if (!changed && skipped.empty()) continue;
    findings.last().severity = "warning";
    findings.last().evidence = "estimated";
  }
}

void nulls(const Scene& scene, Findings& findings) { found(scene, findings, "nulls", "has NULLs"); }
void duplicates(const Scene& scene, Findings& findings) {
  found(scene, findings, "duplicates", "has duplicates");
}
void orphans(const Scene& scene, Findings& findings) {
  found(scene, findings, "orphans", "refers to rows that are not there");
}
void violations(const Scene& scene, Findings& findings) {
  found(scene, findings, "violations", "has rows that break the constraint");
}
void conflicts(const Scene& scene, Findings& findings) {
  found(scene, findings, "conflicts", "has rows that exclude each other");
}
void strays(const Scene& scene, Findings& findings) {
  found(scene, findings, "strays", "has rows that its bounds as a partition do not let in");
}
void misfits(const Scene& scene, Findings& findings) {
  found(scene, findings, "misfits", "has values that do not fit the new type");
}
void copied(const Scene& scene, Findings& findings) {
  found(scene, findings, "copied", "has rows that the table they are copied into does not take");
}

void not_probed(const Scene& scene, Findings& findings) {
  for (const Probe& probe : scene.probes) {
    if (probe.result != "not_probed") continue;
    // All of its rows are here, and the plan ran.
    if (all_were_there(scene, probe)) continue;
    const std::string message = fmt::format("Whether rows of {} let {} through was not asked: {}",
                                            probe.relation, probe.object, probe.reason);
    add(scene, findings, probe, message);
    // Of a new column there is nothing to ask: the plan filled it, and here with what is wanted.
    if ((probe.of == "nulls" || probe.of == "violations") && probe.sql.empty()) {
      findings.last().severity = "info";
      findings.last().safer = "Look at its values in the verify of the step that fills it.";
    }
  }
}

constexpr std::array rules{
    Rule{"data.nulls", "danger", "proved", "The statement fails there, and the plan with it.",
         "UPDATE … SET column = … WHERE column IS NULL in a step before; rows.every-row has the "
         "loop for many.",
         nulls},
    Rule{"data.duplicates", "danger", "proved",
         "Building the index fails after it has read all of the table.",
         "DELETE or change all but one of each in a step before; backup.snapshot first.",
         duplicates},
    Rule{"data.orphans", "danger", "proved", "The foreign key cannot be validated.",
         "DELETE them, or set their reference NULL, in a step before VALIDATE CONSTRAINT.",
         orphans},
    Rule{"data.violations", "danger", "proved", "The constraint cannot be validated.",
         "UPDATE them in a step before VALIDATE CONSTRAINT.", violations},
    Rule{"data.conflicts", "danger", "proved",
         "Building the constraint's index fails after it has read all of the table.",
         "DELETE or change one of each pair in a step before; backup.snapshot first.", conflicts},
    Rule{"data.strays", "danger", "proved",
         "ATTACH PARTITION, or CREATE TABLE … PARTITION OF beside a default partition, fails after "
         "it "
         "has read all of the table.",
         "Move them out of it in a step before: WITH moved AS (DELETE … RETURNING *) INSERT INTO … "
         "SELECT * FROM moved.",
         strays},
    Rule{"data.misfits", "danger", "proved", "The conversion fails at the first of them.",
         "UPDATE them in a step before, or ALTER COLUMN … TYPE … USING an expression that fits.",
         misfits},
    Rule{"data.copied", "danger", "proved", "The copy fails at the first of them.",
         "Let the query give what the table takes (coalesce, WHERE), or the table take them: a "
         "default partition, a constraint NOT VALID once the rows are there.",
         copied},
    Rule{"data.not-probed", "warning", "unrehearsable",
         "The shadow has few rows: that the plan ran there does not tell.",
         "SELECT count(*) of the rows that break it on the target by hand, before engine run.",
         not_probed},
};

}  // namespace

std::span<const Rule> data_rules() { return rules; }

}  // namespace engine::preview
