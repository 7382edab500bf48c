// What a command is told besides its plan, and what it may call upon.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "db/connection.h"
#include "event/event.h"
#include "event/prompter.h"
#include "journal/records.h"
#include "plan/plan.h"
#include "runner/run_guard.h"
#include "runner/session/session.h"

namespace engine::runner {

struct RunOptions {
  std::string target;             // as people read it: Target::describe(), or "embedded"
  std::string arguments;          // of the next command to type: "plans/p.lua -d embedded"
  std::string run_flags;          // more of them where that is `run`: " --approved FILE"
  std::string schema = "engine";  // of the journal
  std::string output_folder;      // where file.write may write

  bool assume_yes =
      false;  // answers the first question and every confirm that has no answer of its own
  // run: go on although a finished step was edited; rollback: undo with the plan as it is now; run,
  // rollback, resolve: even if the journal was copied from another database
  bool accept_edits = false;
  bool as_run = false;  // rollback: each step with the text that the journal keeps of it
  std::string run;      // rollback, verify, resolve: this run instead of the plan's latest
  std::optional<std::string> to;    // rollback: a step or phase that stays done
  std::optional<std::string> only;  // rollback: this phase alone

  std::string lock_timeout = "3s";                // unless plan or step says
  std::chrono::milliseconds lock_patience{2000};  // for the run lock
  std::chrono::milliseconds retry_budget{
      120000};  // of a step, for locks and serialization failures
  std::chrono::milliseconds reconnect_budget{60000};
};

/// Whose work it is that a preview traces.
struct Traced {
  std::string step;
  bool taken_back = false;  // by a check or a test
  bool decides = false;     // a `when` or a `done`, which has just been asked
};

/// What the command's surroundings lend to it.
struct RunEnvironment {
  std::function<db::Connection()>
      connect;  // another session with the same target; throws Error{unreachable}
  /// The same with little patience, for what a wait must not be prolonged by. May be empty.
  std::function<db::Connection()> connect_briefly;
  event::Prompter* prompter = nullptr;
  event::Listener listener;
  /// Of a preview: called after each statement of the plan, on the session that executed it and
  /// with its transaction as it stands; `listener` has been told of the statement just before.
  /// Where it has not, what was done since is the engine's own: primitives, checks, conditions.
  std::function<void(db::Connection&, const Traced&)> traced;
  /// Of a run; may be nullptr.
  RunGuard* witness = nullptr;
  /// Called with the session before a plan's function is first called, and with nullptr when the
  /// command ends. A host that reloaded a plan attaches that one too.
  std::function<void(Session*)> attach;
  /// A plan from the text and files that the journal keeps (rollback --as-run). May be empty.
  std::function<plan::Plan(const journal::PlanText&)> reload;
};

}  // namespace engine::runner
