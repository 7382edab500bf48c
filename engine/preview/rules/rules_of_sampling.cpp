// What the few rows of the shadow do not show.
#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "preview/rules/rule_words.h"

namespace engine::preview {
namespace {

std::string sample_of(const Scene& scene, const std::string& table) {
  const auto here = scene.before.counts.find(table);
  const auto there = scene.facts.find(table);
  const bool known = there != scene.facts.end() && there->second.rows >= 0;
  return fmt::format(
      "{} of {} rows of {}", text::grouped(here == scene.before.counts.end() ? 0 : here->second),
      known ? "about " + text::grouped(there->second.rows) : "an unknown number of", table);
}

/// "UPDATE 0", "INSERT 0 0"
bool met_nothing(const StatementTrace& statement) {
  for (const char* word : {"UPDATE", "DELETE", "INSERT", "MERGE"}) {
    if (statement.tag.starts_with(word)) return statement.tag.ends_with(" 0");
  }
  return false;
}

void no_row(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    if (statement.taken_back || !met_nothing(statement)) continue;
    for (const std::string& table : scene.sampled) {
      if (!says(statement, bare_name(table))) continue;
      findings.add(statement, table,
                   fmt::format("It met no row: {} are on the shadow", sample_of(scene, table)));
    }
  }
}

void decided(const Scene& scene, Findings& findings) {
  for (const StatementTrace& statement : scene.statements) {
    const auto skipped = scene.skipped.find(statement.step);
    if (!statement.decides || skipped == scene.skipped.end()) continue;
    for (const Lock& lock : statement.locks) {
      if (lock.table != lock.relation || !scene.sampled.contains(lock.table)) continue;
      findings.add(statement, lock.table,
                   fmt::format("The step was not run here ({}), and that was decided by {}",
                               skipped->second, sample_of(scene, lock.table)));
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
