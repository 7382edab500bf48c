// What happened in a run, beside what stands: who worked on it, what was tried, what went wrong.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "journal/engine_process.h"
#include "journal/journal.h"

namespace engine::journal {

/// An engine that began the run or took it over.
struct SessionRow {
  std::int64_t epoch = 0;
  std::string at;
  EngineProcess engine;
};

/// A try of a step that did not commit.
struct AttemptRow {
  std::string step, outcome, sqlstate, message, at;
  std::int64_t ms = 0;
};

/// The error that ended a command, whole.
struct FailureRow {
  std::string step, at;
  std::string code;  // name_of its Code
  Error error;       // its Code is `sql` whatever `code` says
};

struct ResolutionRow {
  std::string step, before, after, reason, role, at;
};

struct PlanTextRow {
  std::string source, at;
};

struct History {
  std::vector<SessionRow> sessions;
  std::vector<AttemptRow> attempts;
  std::vector<FailureRow> failures;
  std::vector<ResolutionRow> resolutions;
  std::vector<PlanTextRow> texts;  // the latest first
  // Names of inputs by the step that read them: when it ran, and when it was undone.
  std::map<std::string, std::set<std::string>> read_by_run, read_by_rollback;

  /// Who worked on it in this epoch; nullptr where an older engine did, which does not say so.
  const SessionRow* session(std::int64_t epoch) const;
};

/// All but the texts is in the order in which it happened. Of a journal that an older engine wrote:
/// what it has.
History read_history(db::Connection& connection, const std::string& schema, const std::string& run);

/// An event that keeps the whole error; attempts have its message and SQLSTATE only.
db::Command record_failure(const Journal& journal, const std::string& run, const std::string& step,
                           const Error& error);

/// An event that keeps which inputs a step has read.
db::Command record_inputs_read(const Journal& journal, const std::string& run,
                               const std::string& step, bool by_rollback,
                               const std::set<std::string>& names);

}  // namespace engine::journal
