// The frame of every command: run.started, its body, and run.finished with the exit status of what
// went wrong.
#pragma once

#include <functional>
#include <string>

#include "runner/command/record.h"
#include "runner/session/context.h"

namespace engine::runner {

class CommandFrame {
 public:
  CommandFrame(const plan::Plan& plan, db::Connection connection, const RunOptions& options,
               const RunEnvironment& host, event::Mode mode);

  /// Never throws.
  event::RunFinished execute(const std::function<void()>& body);

  Context context;

  /// The run that the options name, else the plan's latest, with its steps. Throws Error{usage} for
  /// an id that is no run of this plan.
  journal::Loaded load() const;
  /// Takes a run up, or begins one: `attempt` is repeated where the connection was lost meanwhile.
  /// `row` is then the run that it has begun or taken up, if it has. `known` is the plan's run as
  /// it was read: Error{lock_held} where another engine worked on it while there was no session,
  /// and no lock. nullptr: that does not matter.
  void take_up(const std::string& plan, const std::optional<journal::RunRow>* known,
               std::optional<journal::RunRow>& row, const std::function<void()>& attempt);
  /// Told even where the command ends before its body could say more.
  void start(event::RunStarted started);
  void tell_start(const plan::Plan& plan, const Record& record, const std::string& run,
                  bool resumed);
  /// A journal that came here in a dump, or with a cloned cluster, tells what was done elsewhere.
  void refuse_other_server(const journal::RunRow& row) const;
  /// Before it changes anything: the wait for the run lock is for what a dead engine left on the
  /// server. Throws Error{lock_held} where a living one ended its run meanwhile, since this command
  /// was given for what stood before.
  void refuse_ended_meanwhile();
  /// What a body that ended well says: done, nothing_to_do, rolled_back.
  void succeed(event::Ending ending);
  /// The verb of the command to type next.
  void follow_with(const std::string& verb) { result_.next = typed(verb); }
  /// From here on a failure of `run` leaves the run's finished steps standing (exit 3), one of
  /// `rollback` a target that needs a person (exit 6).
  void begin() { begun_ = true; }

  /// Asks for those inputs that are wanted. Gives what nobody answers.
  std::vector<Missing> ask_inputs(Inputs& inputs,
                                  const std::function<bool(const plan::Input&)>& wanted,
                                  const Job& job = {});
  /// Inputs, confirms and manual steps that nobody answers: throws Error{answer_missing} with the
  /// flag for each.
  void refuse_missing(const std::vector<Missing>& missing);
  /// The question before the first change.
  void ask_first(const std::string& name, const std::string& text);

 private:
  void fail(const Error& error);
  Exit::Status exit_of(const Error& error) const;
  /// Of the run that a failure ended. A rollback that did not end stays one.
  std::optional<event::RunState> run_state_after(const Error& error) const;
  /// The whole error and the run's status in the journal, where there is a run and a connection
  /// left to write them; nothing: the status stays.
  void record_end(const Error& error, std::optional<event::RunState> status);
  std::string typed(const std::string& verb) const;

  event::Mode mode_;
  event::RunFinished result_;
  bool started_ = false;
  bool begun_ = false;
};

/// Asked before a step is reached, so that what nobody will answer is known before anything is
/// touched.
std::vector<Missing> unanswered(const Questions& questions, const Job& job);

}  // namespace engine::runner
