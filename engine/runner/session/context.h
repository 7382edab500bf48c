// What the parts of one command share.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "event/emitter.h"
#include "runner/run_options.h"
#include "runner/session/blockers.h"
#include "runner/session/inputs.h"
#include "runner/session/live_session.h"
#include "runner/session/questions.h"
#include "runner/session/run_connection.h"
#include "runner/step/job.h"

namespace engine::runner {

struct Context {
  Context(const plan::Plan& its_plan, db::Connection connection, const RunOptions& its_options,
          const RunEnvironment& its_host);
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context();

  const plan::Plan& plan;
  const RunOptions& options;
  const RunEnvironment& host;
  event::Emitter emitter;
  Questions questions;
  Inputs inputs;
  RunConnection link;
  LiveSession session;

  std::set<std::string> standing;       // steps of this run whose work is in the database
  std::set<std::string> unfinished;     // of those: begun outside a transaction, or not verified
  std::set<std::string> under_way;      // steps whose commit is on its way
  std::set<std::string> undone;         // by this command
  bool worked_outside = false;          // the unit did something that no transaction holds
  bool outside_work_lost = false;       // since a standby was promoted meanwhile
  std::string recorded_state = "{}";    // as the journal has it
  std::vector<std::string> blockers;    // seen during the last wait
  std::chrono::milliseconds waited{0};  // for locks, by the step on its way, in earlier tries
  std::vector<Error> retried;           // tries of the step on its way, for its attempts

  /// Travels with the first work of the command: its run's new status.
  std::optional<db::Command> announcement;

  /// Sends what waits. Where the answer takes long, `blockers` says why.
  void flush();
  /// In a preview: what was done since the last time is told as this, and not of the plan's next
  /// statement.
  void trace_own(const Traced& whose);
  /// A call that may wait for locks.
  void watched(const std::function<void()>& call);

  /// Timeouts and search_path as plan and job want them; `local`: until the transaction ends.
  db::Command settings(const Job& job, bool local) const;

  /// Commands of the journal that belong to a step's own commit: its row, its checks, answers,
  /// state.
  void add_record(const Job& job, event::StepState status, const Done& done);
  /// After the commit that carried them.
  void recorded();
  /// What the catalog was when this run first began, for plans that compare with it.
  void recall_catalog(const std::string& run);
  /// BEGIN, the epoch check, these commands, COMMIT. Takes a lost connection up again, and then
  /// repeats them only where they did not commit. As::plan: the session may have a role of the
  /// plan's, which it has again afterwards.
  enum class As { engine, plan };
  void write(std::vector<db::Command> commands, As role = As::engine);
  /// The same within a function of the plan, whose session must not be another one when it goes on:
  /// a lost connection is thrown.
  void write_in_session(const std::vector<db::Command>& commands);
  void add_commit();
  /// RunConnection::restore(), told while it lasts. Throws Error{failover} where the server that
  /// answers then lacks what the run had committed.
  void reconnect(const Error& lost);

 private:
  void tell_blockers(const std::vector<Blocker>& seen);
  void write_once(const std::vector<db::Command>& commands, As role);

  int writes_ = 0;
  std::set<int> blocking_;  // told in this wait
};

/// Reads for `when`, `done`, `confirm` and the like: a read-only transaction of their own, opened
/// when a function first asks the server something, and always rolled back; the rollback waits to
/// travel with what comes next.
class Reading {
 public:
  Reading(Context& context, const Job& job) : context_(context), job_(job) {}
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;
  ~Reading() { close(); }

  template <typename Call>
  auto ask(Moment moment, Call call) {
    open();
    auto answer = [&] {
      const LiveSession::Call scope{context_.session, moment, false};
      return call();
    }();
    // While the locks of what it read are held.
    if (moment == Moment::when) context_.trace_own({job_.id, false, true});
    return answer;
  }

  /// Nothing of it is left open when this returns.
  void end();

 private:
  void open();
  void close();

  Context& context_;
  const Job& job_;
  bool open_ = false;
};

}  // namespace engine::runner
