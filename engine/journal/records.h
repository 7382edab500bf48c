// What the journal holds, row by row.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "event/states.h"

namespace engine::journal {

/// Which database this is, so that a journal which was copied, restored or failed over is noticed.
struct Server {
  std::string system_identifier;  // "" where the role may not ask for it
  std::int64_t database = 0;      // OID
  bool operator==(const Server&) const = default;
};

/// An identifier that is not known is no difference.
inline bool may_be_same(const Server& one, const Server& other) {
  return one.database == other.database &&
         (one.system_identifier.empty() || other.system_identifier.empty() ||
          one.system_identifier == other.system_identifier);
}

struct RunRow {
  std::string id;  // short, sortable: 20261120-231502-4f7a; empty: begin_run() makes one
  std::string plan, plan_checksum;
  event::RunState status = event::RunState::running;
  std::int64_t epoch = 0;
  std::string started_at, finished_at, role, engine_version, host;
  std::string inputs;                 // JSON object: a text, null (absent) or true (a secret)
  std::string state;                  // JSON object
  std::optional<std::int64_t> steps;  // of its plan; a task has none
  Server server;                      // where it was begun or last taken over
  std::string server_version;
  int backend_pid = 0;        // of the session that worked on it last …
  std::string backend_start;  // … with its start, as pg_stat_activity has it
};

struct StepRow {
  std::string run, step, title;
  std::int64_t position = 0;
  event::StepState status = event::StepState::pending;
  std::string checksum;
  std::string finished_at, reason;
  std::int64_t rows = 0, ms = 0;
};

struct AnswerRow {
  std::string name, answer, source;
};

struct EventRow {
  std::string event, data;  // data: JSON
};

/// An answer that a function of a step got, kept in the step's own commit.
struct ToldRow {
  std::string step;
  bool in_rollback = false;
  std::string name, answer;
};

/// A row of engine.check as it is written with its step.
struct CheckRow {
  std::string step, title, name;
  bool ok = false;
  std::string expected, actual;
};

/// A file that a step read by a name which was not known when its plan was loaded.
struct FileRow {
  std::string step, path, digest;
};

/// Texts of a plan's modules and SQL files by path from its folder.
using Files = std::map<std::string, std::string>;

/// A text of the plan that a run was executed with, and the files that it had.
struct PlanText {
  std::string source;
  std::optional<Files> files;  // nothing where an older engine recorded it
};

/// The latest run of a plan with what a resume needs.
struct Loaded {
  std::optional<RunRow> run;
  std::vector<StepRow> steps;  // by position
  std::vector<AnswerRow> answers;
  std::vector<ToldRow> told;  // in the order of their commits
  std::vector<FileRow> files;
};

}  // namespace engine::journal
