#include "report/preview_words.h"

#include <fmt/format.h>

#include <cstdint>

#include "base/text.h"

namespace engine::report {
namespace {

std::string written(const runner::StatementTraced::Rows& rows) {
  std::vector<std::string> did;
  const auto add = [&](std::int64_t count, const char* what) {
    if (count > 0) did.push_back(fmt::format("{} {}", text::grouped(count), what));
  };
  add(rows.inserted, "inserted");
  add(rows.updated, "updated");
  add(rows.deleted, "deleted");
  return fmt::format("rows of {}: {}", rows.relation, text::joined(did, ", "));
}

}  // namespace

std::pair<std::string_view, std::string_view> verdict_words(std::string_view result) {
  if (result == "blocked") return {"BLOCKED", "not to be run as it is"};
  if (result == "attention") return {"ATTENTION", "decide what is below"};
  if (result == "clean") return {"CLEAN", "nothing was found"};
  return {};
}

std::string claim(const runner::Proof& proof) {
  std::string words = proof.of == "second_run" ? "A second run changes nothing"
                      : proof.of == "rollback" ? "The rollback restores what was there"
                                               : "After the rollback the plan runs again";
  // What came before a step that cannot be undone is not promised back.
  if (!proof.kept.empty()) words = "What came after is rolled back as it was; " + proof.kept;
  if (!proof.choice.empty()) words += " (" + proof.choice + ")";
  return words;
}

std::vector<std::string> effects(const runner::StatementTraced& trace) {
  std::vector<std::string> words;
  for (const auto& one : trace.rewrites)
    words.push_back(fmt::format("writes {} anew: {}", one.relation, one.reason));
  for (const auto& one : trace.scans) {
    if (one.why == "to prove a constraint")
      words.push_back(fmt::format("reads all of {} {}", one.relation, one.why));
  }
  for (const std::string& key : trace.validated) words.push_back("checks all rows against " + key);
  std::vector<std::string> built;  // besides what the statement names
  for (const std::string& index : trace.built) {
    if (trace.sql.find(index) == std::string::npos) built.push_back(index);
  }
  if (!built.empty()) {
    words.push_back(
        fmt::format("builds {} {}", built.size() > 1 ? "indexes" : "index", text::listed(built)));
  }
  for (const auto& one : trace.dropped) {
    if (one.cascade) words.push_back("takes along " + one.object);
  }
  for (const auto& rows : trace.rows) words.push_back(written(rows));
  return words;
}

bool is_read(const runner::StatementTraced& trace) {
  return trace.tag.starts_with("SELECT") && trace.rows.empty() && trace.commands.empty() &&
         trace.dropped.empty();
}

std::string answer_words(const runner::Probed& probe) {
  if (probe.result == "none") return "none";
  if (probe.result != "found") return "not asked: " + probe.reason;
  return (probe.more ? "at least " : "") + text::counted(probe.rows, "row");
}

}  // namespace engine::report
