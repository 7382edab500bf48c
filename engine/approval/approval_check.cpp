#include "approval/approval_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "approval/sent.h"
#include "base/text.h"
#include "trace/trace.h"

namespace engine::approval {
namespace {

// A table goes on being used between a preview and its run.
constexpr std::int64_t most_more = 10;  // rows, or
constexpr double most_more_part = 0.1;  // of those approved

bool is_near(std::int64_t approved, std::int64_t actual) {
  const auto part = static_cast<std::int64_t>(static_cast<double>(approved) * most_more_part);
  return std::llabs(actual - approved) <= std::max(most_more, part);
}

std::string excess(const std::string& step, const std::string& what, const std::string& table,
                   std::int64_t approved, std::int64_t actual) {
  return fmt::format("step \"{}\" {} {} in {}, where {} approved", step, what,
                     text::counted(actual, "row"), table,
                     approved == 1 ? "1 was" : text::grouped(approved) + " were");
}

std::string name_of(const std::vector<std::string>& steps) { return text::joined(steps, "\", \""); }

/// Steps that commit together are measured together, on the shadow too.
ApprovedStep together(const Approval& approval, const std::vector<std::string>& steps) {
  ApprovedStep whole;
  for (const std::string& step : steps) {
    const auto found = approval.steps.find(step);
    if (found == approval.steps.end()) continue;
    for (const auto& [relation, mode] : found->second.locks) {
      std::string& strongest = whole.locks[relation];
      if (strongest.empty() || trace::strength(mode) > trace::strength(strongest)) strongest = mode;
    }
    for (const auto& [table, written] : found->second.rows) whole.rows[table] = written;
    whole.rewritten.insert(found->second.rewritten.begin(), found->second.rewritten.end());
    add(whole.schema, found->second.schema);
    whole.said.insert(found->second.said.begin(), found->second.said.end());
    whole.all_rows = found->second.all_rows;
    whole.sampled.insert(found->second.sampled.begin(), found->second.sampled.end());
  }
  return whole;
}

std::string unapproved_lock(const std::string& step, const ApprovedStep& approved,
                            const std::map<std::string, std::string>& locks) {
  for (const auto& [relation, mode] : locks) {
    const auto known = approved.locks.find(relation);
    if (known == approved.locks.end()) {
      return fmt::format("step \"{}\" locks {} in {} mode, which was not approved", step, relation,
                         trace::spoken(mode));
    }
    if (trace::strength(mode) > trace::strength(known->second)) {
      return fmt::format("step \"{}\" locks {} in {} mode, where {} was approved", step, relation,
                         trace::spoken(mode), trace::spoken(known->second));
    }
  }
  return "";
}

std::string unapproved_file_of(const std::string& step, const ApprovedStep& approved,
                               const std::map<std::string, std::string>& rewritten) {
  for (const auto& [table, how] : rewritten) {
    const auto known = approved.rewritten.find(table);
    const bool allowed =
        known != approved.rewritten.end() && (known->second == how || known->second == emptied);
    if (allowed) continue;
    return how == emptied
               ? fmt::format("step \"{}\" empties {}, which was not approved", step, table)
               : fmt::format("step \"{}\" rewrites {}, which was not approved", step, table);
  }
  return "";
}

std::string unapproved_schema(const std::string& step, const ApprovedStep& approved,
                              const SchemaChanges& schema, const Comparison& comparison) {
  const std::string how = unapproved_change(approved.schema, schema, comparison);
  return how.empty() ? "" : fmt::format("step \"{}\" {}", step, how);
}

/// `may_be_less`: more may come.
std::string unapproved_rows(const std::string& step, const ApprovedStep& approved,
                            const std::map<std::string, Written>& measured, bool may_be_less) {
  std::set<std::string> tables;
  for (const auto& [table, written] : approved.rows) tables.insert(table);
  for (const auto& [table, written] : measured) tables.insert(table);
  const auto of = [](const std::map<std::string, Written>& rows, const std::string& table) {
    const auto found = rows.find(table);
    return found == rows.end() ? Written{} : found->second;
  };
  std::string less;
  for (const std::string& table : tables) {
    const Written was = of(approved.rows, table), is = of(measured, table);
    for (const auto& [what, before, now] : {std::tuple{"inserts", was.inserted, is.inserted},
                                            std::tuple{"updates", was.updated, is.updated},
                                            std::tuple{"deletes", was.deleted, is.deleted}}) {
      // With a part of the rows only what is done at all can be compared.
      const bool near = approved.sampled.empty() ? is_near(before, now) : before > 0 || now == 0;
      if (near || (may_be_less && now < before)) continue;
      const std::string words = excess(step, what, table, before, now);
      if (now > before) return words;
      less = words;
    }
  }
  return less;
}

}  // namespace

std::string not_previewed(const Approval& approval, const std::string& step) {
  if (approval.steps.contains(step)) return "";
  if (approval.skipped.contains(step))
    return fmt::format("step \"{}\" was skipped in the preview, but would run now", step);
  if (approval.done.contains(step))
    return fmt::format("step \"{}\" was already done in the preview, but would run now", step);
  return fmt::format("step \"{}\" did not run in the preview, but would run now", step);
}

std::string not_skipped(const Approval& approval, const std::string& step,
                        const std::string& reason) {
  if (!approval.done.contains(step)) return "";
  return fmt::format("step \"{}\" ran in the preview, but would be skipped now{}", step,
                     reason.empty() ? "" : ": " + reason);
}

std::string exceeded(const Approval& approval, const std::vector<std::string>& steps,
                     const Measured& measured, bool prints_alike) {
  const ApprovedStep approved = together(approval, steps);
  const std::string name = name_of(steps);
  std::string how = unapproved_lock(name, approved, measured.locks);
  if (how.empty()) how = unapproved_rows(name, approved, measured.rows, false);
  if (how.empty()) how = unapproved_file_of(name, approved, measured.rewritten);
  if (how.empty()) how = unapproved_schema(name, approved, measured.schema, {true, prints_alike});
  return how;
}

std::string not_said(const Approval& approval, const std::string& step,
                     const sql::Statement& statement) {
  const ApprovedStep approved = together(approval, {step});
  for (const std::string& said : said_by(statement)) {
    if (!approved.said.contains(said))
      return fmt::format("step \"{}\" would send {}, which was not approved", step, said);
  }
  return "";
}

std::string exceeded_so_far(const Approval& approval, const std::string& step, const Measured& last,
                            const ApprovedStep& so_far, bool prints_alike) {
  const ApprovedStep approved = together(approval, {step});
  std::string how = unapproved_lock(step, approved, last.locks);
  if (how.empty()) how = unapproved_file_of(step, approved, last.rewritten);
  if (how.empty()) how = unapproved_schema(step, approved, last.schema, {false, prints_alike});
  if (how.empty()) how = unapproved_rows(step, approved, so_far.rows, true);
  return how;
}

std::string exceeded(const Approval& approval, const std::string& step, const ApprovedStep& done,
                     std::optional<std::int64_t> all_rows, bool partly, bool prints_alike) {
  const ApprovedStep approved = together(approval, {step});
  std::string how = unapproved_rows(step, approved, done.rows, partly);
  if (how.empty())
    how = unapproved_schema(step, approved, done.schema, {!partly, prints_alike && !partly});
  if (!how.empty()) return how;
  const std::int64_t before = approved.all_rows.value_or(0), now = all_rows.value_or(0);
  if (partly && now <= before) return "";
  const bool near = approved.sampled.empty() ? is_near(before, now) : before > 0 || now == 0;
  return near ? "" : excess(step, "wrote", "all", before, now);
}

std::string exceeded(const Approval& approval, const std::string& step,
                     const std::map<std::string, std::string>& locks) {
  return unapproved_lock(step, together(approval, {step}), locks);
}

}  // namespace engine::approval
