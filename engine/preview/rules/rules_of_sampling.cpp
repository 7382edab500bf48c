// What the few rows of the shadow do not show.
#include <fmt/format.h>

#include <array>
#include <set>

#include "base/text.h"
#include "preview/rules/rule_words.h"
#include "preview/target/meetings.h"

namespace engine::preview {
namespace {

std::string sample_of(const Scene& scene, const std::string& table) {
  std::int64_t here = 0;
  for (const auto& [name, rows] : scene.before.counts) {
    if (scene.before.root(name) == table) here += rows;
  }
  const auto there = scene.facts.find(table);
  const bool known = there != scene.facts.end() && there->second.rows >= 0;
  return fmt::format("{} of {} rows of {}", text::grouped(here),
                     known ? "about " + text::grouped(there->second.rows) : "an unknown number of",
                     table);
}

/// A block that only inserts met nothing because what it inserts is there.
bool only_inserts(const StatementTrace& statement) {
  return statement.tag == "DO" && says(statement, "INSERT") && !says(statement, "UPDATE") &&
         !says(statement, "DELETE") && !says(statement, "MERGE");
}

void no_row(const Scene& scene, Findings& findings) {
  for (const Place& place : places(scene)) {
    if (only_inserts(*place.statement)) continue;
    std::vector<std::string> unmet;
    for (const auto& [table, rows] : place.written) {
      if (rows == 0) unmet.push_back(table);
    }
    // What it would write may be known by rows of another that did not come.
    if (place.written.empty() && place.changes_rows && place.rows == 0)
      unmet.assign(place.read.begin(), place.read.end());
    for (const std::string& table : unmet) {
      findings.add(*place.statement, table,
                   fmt::format("It met no row: {} are on the shadow", sample_of(scene, table)));
    }
  }
}

void decided(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    const auto skipped = scene.skipped.find(statement.step);
    if (!statement.decides || skipped == scene.skipped.end()) continue;
    std::set<std::string> tables;
    for (const Lock& lock : statement.locks) {
      if (lock.table == lock.relation && scene.sampled.contains(lock.table))
        tables.insert(scene.before.root(lock.table));
    }
    for (const std::string& table : tables) {
      findings.add(statement, table,
                   fmt::format("The step was not run here ({}), and that was decided by {}",
                               skipped->second, sample_of(scene, table)));
    }
  }
}

constexpr std::array rules{
    Rule{"sample.no-row", "warning", "unrehearsable",
         "What it does to the target's rows, and whether the rollback brings them back, was not "
         "seen.",
         "SELECT count(*) of them on the target; engine preview with more --rows, or --from a "
         "fixture that has such rows.",
         no_row},
    Rule{"sample.decided", "warning", "unrehearsable",
         "On the target it may be run, and then nothing of it was seen.",
         "Ask the condition of the target by hand; engine preview with more --rows.", decided},
};

}  // namespace

std::span<const Rule> sampling_rules() { return rules; }

}  // namespace engine::preview
