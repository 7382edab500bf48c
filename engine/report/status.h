// What `engine status` says of a run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diff.h"
#include "base/error.h"
#include "event/states.h"
#include "report/paint.h"

namespace engine::report {

/// A try of a step that did not commit.
struct StatusAttempt {
  std::string at, outcome, sqlstate, message;
  std::int64_t ms = 0;
};

/// What became of a step in the plan's file since it ran.
struct StatusChange {
  std::string change;   // edited, removed, new, moved
  bool stands = false;  // its work stands, or it was skipped: `run` wants --accept-edits
  std::string place;    // "plans/add_names.lua:12"
  std::string note;     // a sentence
  std::vector<diff::Line> lines;
};

struct StatusStep {
  std::string id, title;
  event::StepState status = event::StepState::pending;
  bool running = false;  // an engine works on it
  std::string at;        // when that was recorded; of a running one: since when. UTC, ISO 8601
  std::int64_t ms = 0, rows = 0;
  std::string reason;
  std::string stands;  // a sentence: how much of its work stands, where that is a question
  std::vector<StatusAttempt> attempts;
  std::string code;            // of `error`: name_of its Code
  std::optional<Error> error;  // the last one, whole
  std::vector<StatusChange> changes;
};

/// The session on the server that works on a run, or that a killed engine left there.
struct StatusSession {
  int pid = 0;
  std::string application_name, user, client, since, state, statement, statement_since, waits_for,
      blocked_by;
  bool orphan = false;
  std::string sentence;  // who works there, or that nobody does any more
};

struct RunStatus {
  std::string target, run, plan, started, finished;
  event::RunState status = event::RunState::running;
  std::string role, host, user, engine_version;  // user: of the operating system, "" unknown
  std::int64_t process = 0;                      // of the engine; 0: unknown
  std::string server_version, system_identifier;
  std::int64_t database = 0;  // OID
  std::int64_t done = 0;
  std::optional<std::int64_t> of;
  std::int64_t unnamed = 0;  // steps that are pending, and whose titles are not known
  std::vector<StatusStep> steps;
  std::string code;            // of `error`
  std::optional<Error> error;  // that ended the last command, where it is of no step above
  std::optional<StatusSession> session;
  std::vector<std::string> advice;  // sentences: what is the matter, and what to do
  std::string next, undo;           // the commands to type, where the plan's file is known
};

std::string status_text(const RunStatus& status, const Paint& paint, int width);
/// One line.
std::string status_json(const RunStatus& status);

/// "2026-11-20 23:15:02" of an ISO time; only "23:15:02" on the day of `besides`.
std::string status_time(const std::string& instant, const std::string& besides = "");

}  // namespace engine::report
