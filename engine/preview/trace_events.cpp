#include "preview/trace_events.h"

#include <algorithm>
#include <map>
#include <string>

#include "base/names.h"
#include "hazard/target/rule_context.h"
#include "trace/words.h"

namespace engine::preview {
namespace {

using event::StatementTraced;
using event::Timeline;

/// Is a table of that name among those that the server named without their schema?
bool names(const std::vector<std::string>& tables, const std::string& relation) {
  return std::any_of(tables.begin(), tables.end(), [&](const std::string& table) {
    return quote_identifier(table) == trace::bare_name(relation);
  });
}

std::string why_scanned(const trace::StatementTrace& statement, const std::string& relation) {
  const bool is_rewritten = std::any_of(
      statement.nested.begin(), statement.nested.end(), [&](const trace::Nested& nested) {
        return nested.event == "rewrite" && nested.object == relation;
      });
  if (is_rewritten) return "to write it anew";
  if (names(statement.verified, relation)) return "to prove a constraint";
  if (!statement.validated.empty()) return "to prove a foreign key";
  if (!statement.built.empty()) return "to build an index";
  return "by a query";
}

StatementTraced traced(const trace::StatementTrace& statement, int transaction) {
  StatementTraced told;
  told.step = statement.step;
  told.file = statement.file;
  told.line = statement.line;
  told.sql = statement.sql;
  told.tag = statement.tag;
  told.taken_back = statement.taken_back;
  told.transaction = transaction;
  told.from_ms = statement.from_ms;
  told.ms = statement.ms;
  told.wal_bytes = statement.wal_bytes;
  told.temp_bytes = statement.temp_bytes;
  told.grown_bytes = statement.grown_bytes;
  for (const trace::Nested& nested : statement.nested) {
    if (nested.event == "rewrite") {
      told.rewrites.push_back({nested.object, trace::reason_of_rewrite(nested.reason)});
    } else if (nested.event == "command") {
      told.commands.push_back(nested.tag + (nested.object.empty() ? "" : " " + nested.object));
    } else if (nested.event == "dropped" || nested.cascade) {
      told.dropped.push_back({nested.type + " " + nested.object, nested.cascade});
    }
  }
  for (const auto& [relation, counts] : statement.rows) {
    if (counts.inserted + counts.updated + counts.deleted > 0)
      told.rows.push_back({relation, counts.inserted, counts.updated, counts.deleted});
    if (counts.scans > 0)
      told.scans.push_back(
          {relation, why_scanned(statement, relation), counts.scans, counts.scanned});
  }
  told.validated = statement.validated;
  told.proved = statement.proved;
  told.built = statement.built;
  for (const trace::Phase& phase : statement.phases) told.phases.push_back({phase.name, phase.ms});
  for (const trace::ServerNotice& notice : statement.notices)
    told.notices.push_back(notice.message);
  return told;
}

void add_spans(Timeline& timeline, const trace::StatementTrace& statement,
               const std::vector<const trace::Lock*>& locks) {
  timeline.step = statement.step;
  timeline.ms = std::max(timeline.ms, statement.from_ms + statement.ms);
  for (const trace::Lock* lock : locks) {
    const std::vector<std::string> blocks = trace::blocked_by(lock->mode);
    if (blocks.empty()) continue;
    const std::int64_t until = statement.from_ms + (lock->transient ? statement.ms : lock->held_ms);
    timeline.ms = std::max(timeline.ms, until);
    timeline.locks.push_back({lock->relation, trace::spoken(lock->mode), statement.from_ms, until,
                              blocks, statement.line});
  }
}

}  // namespace

event::Probed probe_event(const hazard::Probe& probe) {
  return {probe.of,   probe.relation, probe.object,   probe.sql,    probe.result,
          probe.rows, probe.more,     probe.examples, probe.reason, probe.ms};
}

std::vector<event::EventBody> trace_events(const std::vector<trace::StatementTrace>& statements,
                                           const database_state::DatabaseState& before) {
  std::vector<event::EventBody> events;
  std::map<std::string, int> numbers;  // of transactions
  std::map<int, Timeline> timelines;
  for (const trace::StatementTrace& statement : statements) {
    int number = 0;
    if (!statement.alone)
      number = numbers.emplace(statement.transaction, static_cast<int>(numbers.size()) + 1)
                   .first->second;
    std::vector<const trace::Lock*> locks;
    for (const trace::Lock& lock : statement.locks) {
      if (!hazard::was_there(before, lock)) continue;
      locks.push_back(&lock);
      events.emplace_back(event::LockTaken{
          statement.step, statement.file, statement.line, lock.relation, trace::spoken(lock.mode),
          lock.held_ms, lock.transient, trace::blocked_by(lock.mode), lock.waited, lock.table});
    }
    events.emplace_back(traced(statement, number));
    if (statement.alone) {
      Timeline alone;
      add_spans(alone, statement, locks);
      if (!alone.locks.empty()) events.emplace_back(std::move(alone));
    } else {
      timelines[number].transaction = number;
      add_spans(timelines[number], statement, locks);
    }
  }
  for (auto& [number, timeline] : timelines) {
    if (!timeline.locks.empty()) events.emplace_back(std::move(timeline));
  }
  return events;
}

}  // namespace engine::preview
