#include "report/preview_words.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>

#include "base/text.h"
#include "base/time.h"

namespace engine::report {
namespace {

std::string written(const event::StatementTraced::Rows& rows) {
  std::vector<std::string> did;
  const auto add = [&](std::int64_t count, const char* what) {
    if (count > 0) did.push_back(fmt::format("{} {}", text::grouped(count), what));
  };
  add(rows.inserted, "inserted");
  add(rows.updated, "updated");
  add(rows.deleted, "deleted");
  return fmt::format("rows of {}: {}", rows.relation, text::joined(did, ", "));
}

template <typename Words>
std::string range(std::int64_t low, std::int64_t high, Words words) {
  const std::string from = words(low), to = words(high);
  return from == to ? from : from + " to " + to;
}

}  // namespace

std::pair<std::string_view, std::string> verdict_words(const event::Verdict& verdict) {
  switch (verdict.result) {
    case event::VerdictKind::blocked:
      return {"BLOCKED", "do not run it as it is: " + text::joined(verdict.why, "; ")};
    case event::VerdictKind::attention:
      return {"ATTENTION", "decide the findings below"};
    case event::VerdictKind::clean:
      return {"CLEAN", "nothing was found"};
  }
  return {};
}

std::string claim(const event::Proof& proof) {
  std::string words = proof.of == "second_run" ? "A second run changes nothing"
                      : proof.of == "rollback" ? "The rollback restores the state before the run"
                                               : "After the rollback the plan runs again";
  // What came before a step that cannot be undone is not promised back.
  if (!proof.kept.empty()) words = "The steps after it are rolled back; " + proof.kept;
  if (proof.sampled && proof.of == "rollback") words += ", for the rows that were copied";
  if (!proof.choice.empty()) words += " (" + proof.choice + ")";
  return words;
}

std::vector<std::string> effects(const event::StatementTraced& trace) {
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
    if (one.cascade) words.push_back("also drops " + one.object);
  }
  for (const auto& rows : trace.rows) words.push_back(written(rows));
  return words;
}

bool is_read(const event::StatementTraced& trace) {
  return trace.tag.starts_with("SELECT") && trace.rows.empty() && trace.commands.empty() &&
         trace.dropped.empty();
}

std::string answer_words(const event::Probed& probe) {
  if (probe.result == "none") return "none";
  if (probe.result != "found") return "not asked: " + probe.reason;
  return (probe.more ? "at least " : "") + text::counted(probe.rows, "row");
}

std::string duration_of(const event::Impact& impact) {
  std::string words = range(impact.low_ms, impact.high_ms, [](std::int64_t ms) {
    return time::duration(std::chrono::milliseconds{ms});
  });
  if (impact.blocks.empty()) return words;
  words += fmt::format("; {} wait", text::listed(impact.blocks));
  if (impact.waiting_high > 0)
    words += ", up to " + text::counted(impact.waiting_high, "statement");
  return words;
}

std::string room_of(const event::Impact& impact) {
  std::vector<std::string> words;
  if (impact.disk_bytes > 0) words.push_back(text::bytes(impact.disk_bytes) + " of disk");
  if (impact.wal_high > 0)
    words.push_back(range(impact.wal_low, impact.wal_high, text::bytes) + " of WAL");
  return text::joined(words, ", ");
}

std::string room_of_all(const std::vector<event::Impact>& impacts) {
  event::Impact all;
  for (const event::Impact& impact : impacts) {
    all.disk_bytes += impact.disk_bytes;
    all.wal_low += impact.wal_low;
    all.wal_high += impact.wal_high;
  }
  const std::string room = room_of(all);
  if (room.empty()) return "In all, the plan needs hardly any disk space.";
  return fmt::format(
      "In all up to {}. A replication slot that lags behind keeps all of that WAL. The server does "
      "not report its free disk space: compare.",
      room);
}

}  // namespace engine::report
