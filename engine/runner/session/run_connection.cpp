#include "runner/session/run_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/time.h"
#include "journal/ending.h"
#include "runner/session/pause.h"

namespace engine::runner {
namespace {

using std::chrono::milliseconds;

Error taken_over(const std::string& run) {
  return Error{Code::lock_held, "another engine has taken over run {}", run}.hint(
      "This engine stops. engine status shows the other engine.");
}

Error lost_with(const std::string& run) {
  return lost_in_failover("what run " + run + " had written");
}

// A standby answers before it is promoted.
bool is_lost_or_standby(const Error& error) {
  return is_lost(error) || error.sqlstate() == "25006";
}

constexpr milliseconds first_pause{100};
constexpr milliseconds longest_pause{2000};
constexpr milliseconds full_connect{10000};  // a connect with all of its patience
constexpr milliseconds last_patience{1000};  // for the run lock, after the budget
constexpr const char* admin_shutdown = "57P01";

bool held_by(db::Connection& connection, int pid) {
  try {
    const auto holder = journal::RunLock::holder(connection);
    return holder && holder->pid == pid;
  } catch (const Error&) {
    return false;
  }
}

Error given_up(const Error& lost, const Error& last, milliseconds after) {
  Error error{Code::connection_lost, "{}; the engine could not reconnect within {}: {}",
              lost.message(), time::duration(after), last.message()};
  error.sqlstate(lost.sqlstate()).detail(lost.detail()).statement(lost.statement());
  return error.at(lost.source()).hint(last.hint());
}

// The old session does not know that its client is gone, and works on.
Error still_works(const Error& lost, int pid, milliseconds after) {
  Error error{Code::connection_lost, "{}; its session (pid {}) still works on the server after {}",
              lost.message(), pid, time::duration(after)};
  error.sqlstate(lost.sqlstate()).statement(lost.statement()).at(lost.source());
  return error.hint(
      fmt::format("Wait for it with engine status --wait, or end it with SELECT "
                  "pg_terminate_backend({}); then give the command again.",
                  pid));
}

Error ended_by_person(const Error& lost) {
  Error error{Code::ended,
              "an administrator ended this engine's session (pg_terminate_backend); the server "
              "kept running"};
  error.sqlstate(lost.sqlstate()).statement(lost.statement()).at(lost.source());
  return error.hint("engine status shows the finished steps.");
}

}  // namespace

bool is_lost(const Error& error) {
  return error.code() == Code::connection_lost || error.code() == Code::unreachable;
}

Error lost_in_failover(const std::string& what) {
  return Error{Code::failover,
               "the server that answers now lacks {} before the connection was lost: a standby was "
               "promoted before it received that commit",
               what}
      .hint(
          "First check whether other programs lost rows too. engine status shows the steps that "
          "this server has. The same command continues after them.");
}

RunConnection::RunConnection(db::Connection connection, Connect connect, Connect connect_briefly,
                             OnNotice on_notice)
    : connection_(std::move(connection)),
      connect_(std::move(connect)),
      connect_briefly_(std::move(connect_briefly)),
      on_notice_(std::move(on_notice)) {
  connection_.on_notice(on_notice_);
}

void RunConnection::lock(milliseconds patience) {
  lock_.emplace(journal::RunLock::take(connection_, patience));
}

void RunConnection::open_journal(const std::string& schema, bool read_only) {
  journal_.emplace(journal::Journal::open(connection_, schema, read_only));
}

void RunConnection::adopt(std::string run, std::int64_t epoch) {
  run_ = std::move(run);
  epoch_ = epoch;
}

// The isolation level is the session's (see Connection::open).
void RunConnection::add_begin() { queue_.add_control("BEGIN READ WRITE NOT DEFERRABLE"); }

void RunConnection::add_own_role() {
  queue_.add({"SELECT pg_catalog.current_setting('role') AS role", {}},
             [this](const db::Answer& answer) { plan_role_ = answer.result.text(0, "role"); });
  queue_.add_control("SET LOCAL SESSION AUTHORIZATION DEFAULT");
}

void RunConnection::add_plan_role() {
  if (plan_role_ == "none") return;
  queue_.add(
      {"SELECT pg_catalog.set_config('role', $1, false)", {plan_role_}, db::Lookup::session});
}

void RunConnection::add_fence() {
  fence_waits_ = true;
  queue_.add(journal_->check_epoch(run_, epoch_), [this](const db::Answer& answer) {
    fence_waits_ = false;
    if (!answer.result.empty()) return;
    throw taken_over(run_);
  });
}

void RunConnection::add_restoring() {
  for (db::Command& command : connection_.restoring()) queue_.add(std::move(command));
  if (run_.empty()) return;
  queue_.add({"SELECT pg_catalog.set_config('application_name', $1, false)",
              {fmt::format("engine/{}/{}", run_, epoch_)}});
}

void RunConnection::restore_settings() noexcept {
  try {
    add_restoring();
    queue_.flush();
  } catch (const std::exception&) {
    queue_.forget();
  }
}

bool RunConnection::alive() const { return connection_.status() != db::TransactionStatus::unknown; }

bool RunConnection::in_transaction() const {
  const db::TransactionStatus status = connection_.status();
  return status == db::TransactionStatus::in_transaction ||
         status == db::TransactionStatus::in_error;
}

void RunConnection::abandon() noexcept {
  queue_.forget();
  fence_waits_ = false;
  try {
    connection_.rollback();
  } catch (const std::exception&) {
    // A connection that cannot roll back is gone, and the server has rolled back for it.
  }
}

void RunConnection::restore(const Error& lost, milliseconds budget, const Attempting& attempting) {
  queue_.forget();
  fence_waits_ = false;
  // Before the connection changes under it: it would release the new session's lock.
  lock_.reset();
  if (effort_ == Effort::none) throw lost;
  const int old_pid = connection_.backend_pid();
  const std::string server_started = connection_.server_started();
  const time::Stopwatch watch;
  milliseconds length{0};
  for (int attempt = 1;; ++attempt) {
    attempting(attempt, length);
    pause(length);
    try {
      const milliseconds left = effort_ == Effort::full ? budget - watch.elapsed() : last_patience;
      return take_up(lost, server_started, left);
    } catch (const Error& error) {
      if (error.code() == Code::lock_held) {
        const bool own = held_by(connection_, old_pid);
        // Without the run lock nothing more is written, and nothing is tried again.
        connection_.abandon("the engine could not take the run lock again");
        effort_ = Effort::none;
        if (own) throw still_works(lost, old_pid, watch.elapsed());
      }
      if (!is_lost_or_standby(error)) throw;
      length = length == milliseconds{0} ? first_pause : std::min(length * 2, longest_pause);
      if (effort_ == Effort::full && watch.elapsed() + length < budget) continue;
      effort_ = effort_ == Effort::full ? Effort::once : Effort::none;
      throw given_up(lost, error, watch.elapsed());
    }
  }
}

void RunConnection::take_up(const Error& lost, const std::string& server_started,
                            milliseconds patience) {
  const bool brief = connect_briefly_ && patience < full_connect;
  connection_ = brief ? connect_briefly_() : connect_();
  connection_.on_notice(on_notice_);
  lock(std::max(patience, milliseconds{0}));
  try {
    if (!run_.empty()) refuse_mark();
  } catch (const Error& error) {
    // Not even the journal.
    if (error.sqlstate() == "42P01" || error.sqlstate() == "3F000") throw lost_with(run_);
    throw;
  }
  // A server that is stopped says the same to its sessions, but accepts no new ones, and has
  // another start when it does.
  if (!ended_ && lost.sqlstate() == admin_shutdown && !server_started.empty() &&
      connection_.server_started() == server_started) {
    ended_ = ended_by_person(lost);
  }
  if (run_.empty()) return;
  if (!ended_) return retake_epoch();
  const std::optional<journal::RunRow> row = journal_->run(run_);
  if (row && row->epoch > epoch_ && !journal_->has_retaken(run_, epoch_)) throw taken_over(run_);
}

// engine status --end leaves a mark.
void RunConnection::refuse_mark() {
  queue_.add(journal::find_ending(journal_->schema(), run_, epoch_), [this](const db::Answer& a) {
    if (a.result.empty()) return;
    ended_ = Error{Code::ended,
                   "run {} was ended by {} on {} at {} UTC (engine status --end)",
                   run_,
                   a.result.text(0, "role"),
                   a.result.text(0, "host"),
                   a.result.text(0, "at")}
                 .hint("engine status shows the finished steps.");
  });
  queue_.flush();
}

// Without a session this engine had no lock: another one may have gone on with the run. Whether
// this one has taken an epoch, and lost only the answer, says the journal.
void RunConnection::retake_epoch() {
  std::int64_t held = epoch_;
  for (std::optional<std::int64_t> taken; !taken;) {
    queue_.add(journal_->take_epoch(run_, held), [&](const db::Answer& answer) {
      if (!answer.result.empty()) taken = answer.result.integer(0, "epoch");
    });
    queue_.flush();
    if (taken) {
      epoch_ = *taken;
    } else if (!journal_->has_retaken(run_, held++)) {
      const std::optional<journal::RunRow> row = journal_->run(run_);
      // An epoch only grows, except where a standby was promoted that had not received it.
      throw row && row->epoch >= epoch_ ? taken_over(run_) : lost_with(run_);
    }
  }
}

void RunConnection::hurry() noexcept {
  effort_ = Effort::none;
  connection_.hurry();
}

void RunConnection::refuse_ended() const {
  if (ended_) throw *ended_;
}

}  // namespace engine::runner
