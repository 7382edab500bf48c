// What the few rows of the shadow do not show.
#include <fmt/format.h>

#include <array>
#include <set>

#include "base/text.h"
#include "hazard/rules/rule_words.h"
#include "hazard/target/row_access.h"

namespace engine::hazard {
namespace {

std::string sample_of(const RuleContext& context, const std::string& table) {
  std::int64_t here = 0;
  for (const auto& [name, rows] : context.before.counts) {
    if (context.before.root(name) == table) here += rows;
  }
  const auto there = context.facts.find(table);
  const bool known = there != context.facts.end() && there->second.rows >= 0;
  return fmt::format("{} of {} rows of {}", text::grouped(here),
                     known ? "about " + text::grouped(there->second.rows) : "an unknown number of",
                     table);
}

/// A block that only inserts met nothing because what it inserts is there.
bool only_inserts(const trace::StatementTrace& statement) {
  return statement.tag == "DO" && trace::says(statement, "INSERT") &&
         !trace::says(statement, "UPDATE") && !trace::says(statement, "DELETE") &&
         !trace::says(statement, "MERGE");
}

void no_row(const RuleContext& context, Findings& findings) {
  for (const Place& place : places(context)) {
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
                   fmt::format("The statement found no row to change: the shadow has {}",
                               sample_of(context, table)));
    }
  }
}

void decided(const RuleContext& context, Findings& findings) {
  for (const trace::StatementTrace& statement : context.statements) {
    const auto skipped = context.skipped.find(statement.step);
    if (!statement.decides || skipped == context.skipped.end()) continue;
    std::set<std::string> tables;
    for (const trace::Lock& lock : statement.locks) {
      if (lock.table == lock.relation && context.sampled.contains(lock.table))
        tables.insert(context.before.root(lock.table));
    }
    for (const std::string& table : tables) {
      findings.add(
          statement, table,
          fmt::format("The step was skipped on the shadow ({}), where its condition read only {}",
                      skipped->second, sample_of(context, table)));
    }
  }
}

constexpr std::array rules{
    Rule{"sample.no-row", Severity::warning, Evidence::unrehearsable,
         "The preview did not show what the statement does to the target's rows, or whether the "
         "rollback restores them.",
         "SELECT count(*) of the rows that it would change on the target; or run engine preview "
         "with more --rows, or --from a fixture that has such rows.",
         no_row},
    Rule{"sample.decided", Severity::warning, Evidence::unrehearsable,
         "On the target the step may run, and the preview did not show what it does there.",
         "Evaluate the condition on the target by hand, or run engine preview with more --rows.",
         decided},
};

}  // namespace

std::span<const Rule> sampling_rules() { return rules; }

}  // namespace engine::hazard
