// What a run tells while it goes on. The terminal, JSON lines and the report are renderers of this
// stream; docs/reference/events.md is its public form.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "event/states.h"

namespace engine::event {

enum class Mode { run, rollback, verify, preview, task, resolve };

struct PlannedStep {
  std::string id, title, phase;
  StepState status = StepState::pending;
};

struct RunStarted {
  std::string plan, title, target;
  Mode mode = Mode::run;
  std::vector<PlannedStep> steps;
  bool resumed = false;
};
struct PhaseStarted {
  std::string title;
};
struct StepStarted {
  std::string step, title, phase;
  std::string kind;  // step, check, test, manual
  int number = 0, of = 0;
};
struct StepFinished {
  std::string step, title, phase;
  StepStatus status = StepStatus::done;
  std::int64_t ms = 0;
  std::optional<std::int64_t> rows;  // written
  std::string reason;                // why it was skipped, found done …
  std::optional<Error> error;
};
struct StatementDone {
  std::string step, file;
  int line = 0;
  std::string sql, tag;
  std::optional<std::int64_t> rows;
  std::int64_t ms = 0;
  bool taken_back = false;  // of a check or a test
};
struct Progress {
  std::string step;
  std::int64_t done = 0, total = 0;
  std::string unit;
  double rate = 0;
  std::optional<std::int64_t> eta_s;
  std::string throttled_by;
};
struct CheckDone {
  std::string step, title;  // title of the check or test it stands in, "" for bare
  std::string name;
  bool ok = false;
  std::string expected, actual, hint;
  Source at{};                   // of the `expect` in the plan, or of what raised
  std::optional<Error> error{};  // that the check raised, or that the server refused its query with
};
struct QuestionAnswered {
  std::string name, text, answer, source;  // source: flag, answers file, prompt, default, --yes
  bool secret = false;                     // then `answer` is empty
};
struct NoticeSeen {
  std::string step, severity, sqlstate, message;
};
struct Retry {
  std::string step, sqlstate;
  int attempt = 0;  // 0: the statement waits for a lock, and has not been given up
  std::int64_t pause_ms = 0;
  std::vector<std::string> blockers;
  std::string lost{};  // why the connection was lost; "": it was not
};
struct Note {
  std::string step, text;
};
struct TableShown {  // rows that a task read
  std::string step;
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;
};

// What a preview tells besides.
struct LockTaken {
  std::string step, file;
  int line = 0;
  std::string relation, mode;       // mode in PostgreSQL's words: "ACCESS EXCLUSIVE"
  std::int64_t held_ms = 0;         // on the shadow
  bool transient = false;           // given back before its statement ended
  std::vector<std::string> blocks;  // reads, writes, DDL
  bool waited = false;              // seen waiting for it
  std::string table{};              // of an index; else the relation
};
struct StatementTraced {  // what a statement did, besides its locks
  struct Rewrite {
    std::string relation, reason;
  };
  struct Scan {
    std::string relation, why;
    std::int64_t times = 0, rows = 0;
  };
  struct Rows {
    std::string relation;
    std::int64_t inserted = 0, updated = 0, deleted = 0;
  };
  struct Dropped {
    std::string object;  // "view public.v"
    bool cascade = false;
  };
  struct Phase {
    std::string name;
    std::int64_t ms = 0;
  };

  std::string step, file;
  int line = 0;
  std::string sql, tag;
  bool taken_back = false;  // of a check or a test
  int transaction = 0;      // of the run, from 1; 0: it was alone
  std::int64_t from_ms = 0, ms = 0;
  std::int64_t wal_bytes = 0, temp_bytes = 0, grown_bytes = 0;
  std::vector<Rewrite> rewrites;
  std::vector<Scan> scans;
  std::vector<std::string> validated, proved, built;  // keys, sentences, indexes
  std::vector<std::string> commands;                  // DDL in it: "ALTER TABLE public.t"
  std::vector<Rows> rows;
  std::vector<Dropped> dropped;
  std::vector<Phase> phases;
  std::vector<std::string> notices;
};
struct Timeline {  // the locks of one transaction
  struct Span {
    std::string relation, mode;
    std::int64_t from_ms = 0, until_ms = 0;
    std::vector<std::string> blocks;
    int line = 0;
  };

  std::string step;
  int transaction = 0;
  std::int64_t ms = 0;
  std::vector<Span> locks;
};
struct Probed {  // a question about the target's rows
  std::string of, relation, object, sql;
  std::string result;  // none, found, not_probed
  std::int64_t rows = 0;
  bool more = false;
  std::vector<std::string> examples;  // primary keys
  std::string reason;
  std::int64_t ms = 0;
};
struct Impact {  // what a statement would cost the target
  std::string step, file;
  int line = 0;
  std::string sql, relation;
  std::string work;  // scan, rewrite, index build, foreign key, rows, lock
  std::int64_t low_ms = 0, high_ms = 0;
  std::int64_t wal_low = 0, wal_high = 0, disk_bytes = 0;
  std::vector<std::string> blocks;
  std::int64_t waiting_low = 0, waiting_high = 0;  // statements that would wait
  std::string basis;
};
struct Finding {
  std::string rule;
  Severity severity = Severity::info;
  Evidence evidence = Evidence::proved;
  std::string step, file;
  int line = 0;
  std::string sql, relation, message, safer;
  bool accepted = false;
  std::string reason;  // why it was accepted
};
struct Difference {
  std::string kind;  // schema, rows, access
  std::string object;
  std::string mark;           // new, gone, changed; of access: opened, closed, changed
  std::string before, after;  // definitions, numbers, which rows; "" where there was or is nothing
  /// Of the schema, in words: what changed of it, or what it is that came or went.
  std::vector<std::string> words{};
  std::string role{}, privilege{};  // of access
};
struct Proof {
  std::string of;  // second_run, rollback, run_after_rollback
  bool ok = false;
  std::vector<std::string> lost;  // sentences: what is not as it should be
  std::string choice{};   // of a rollback: an answer that it was tried with, "keep_rows = false"
  std::string kept{};     // of a rollback: the step that cannot be undone, and why
  bool sampled = false;   // not all rows of what the plan writes were on the shadow
  bool accepted = false;  // the plan says that with this answer it need not hold
  std::string reason{};   // why
};
struct Verdict {
  VerdictKind result = VerdictKind::clean;
  std::vector<std::string> why;  // it is blocked
  std::map<std::string, int> counts;
};

struct RunFinished {
  Ending status = Ending::done;
  Exit::Status exit = Exit::done;
  std::map<std::string, int> counts;  // done, skipped, failed, rolled_back, checks, failed_checks
  std::int64_t ms = 0;
  std::string next;            // the command to type next
  std::string undo;            // with finished steps standing: the command that undoes them
  bool none_finished = false;  // of those: what stands was begun, outside a transaction
  std::string support;
  std::optional<Error> error;
};

using EventBody = std::variant<RunStarted, PhaseStarted, StepStarted, StepFinished, StatementDone,
                               Progress, CheckDone, QuestionAnswered, NoticeSeen, Retry, Note,
                               TableShown, LockTaken, StatementTraced, Timeline, Probed, Impact,
                               Finding, Difference, Proof, Verdict, RunFinished>;

struct Event {
  std::string time;  // UTC, ISO 8601 with milliseconds
  std::string run;   // id; "" before the journal knows it
  EventBody body;
};

using Listener = std::function<void(const Event&)>;

}  // namespace engine::event
