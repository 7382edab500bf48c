// The session that works: its connection, the run lock on it, the journal it reaches, and what
// waits to be sent.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "db/connection.h"
#include "journal/journal.h"
#include "journal/run_lock.h"
#include "runner/session/statement_batch.h"

namespace engine::runner {

class RunConnection {
 public:
  using Connect = std::function<db::Connection()>;
  using OnNotice = std::function<void(const db::Notice&)>;

  /// `connect_briefly` has little patience; may be empty.
  RunConnection(db::Connection connection, Connect connect, Connect connect_briefly,
                OnNotice on_notice);
  RunConnection(const RunConnection&) = delete;
  RunConnection& operator=(const RunConnection&) = delete;

  db::Connection& connection() { return connection_; }
  const Connect& connect_briefly() const { return connect_briefly_; }
  StatementBatch& queue() { return queue_; }

  /// Throws Error{lock_held}.
  void lock(std::chrono::milliseconds patience);
  /// As RunLock::waited_since().
  std::string waited_since() const { return lock_ ? lock_->waited_since() : ""; }
  void open_journal(const std::string& schema, bool read_only);
  journal::Journal& journal() { return *journal_; }
  const journal::Journal& journal() const { return *journal_; }

  /// From now on every transaction of the journal holds this run's epoch.
  void adopt(std::string run, std::int64_t epoch);
  const std::string& run() const { return run_; }
  std::int64_t epoch() const { return epoch_; }
  /// Begins a transaction that writes, in the modes that the engine counts on whatever the defaults
  /// of role, database and server are.
  void add_begin();
  /// After BEGIN: the journal is written as the role that the session began with, whatever SET ROLE
  /// and SET SESSION AUTHORIZATION of the plan hold.
  void add_own_role();
  /// After its COMMIT: the plan's role, which some versions of the server have lost by then
  /// (PostgreSQL 15.9, 16.5 and their like).
  void add_plan_role();
  /// The epoch check, for the start of a transaction. Where another engine has taken the run over,
  /// the flush that carries it throws Error{lock_held}.
  void add_fence();
  /// Its answer must be read before COMMIT is sent.
  bool fence_waits() const { return fence_waits_; }

  /// Is the connection in a state to go on with?
  bool alive() const;
  bool in_transaction() const;

  /// Role and settings as they were before the plan's statements: the engine's own never run under
  /// what a plan has set.
  void add_restoring();
  /// The same at once, for what was set outside a transaction, where no ROLLBACK takes it back.
  /// Never throws.
  void restore_settings() noexcept;

  /// Forgets what waits and rolls back what is open. Never throws. An interruption must have been
  /// cleared before, or nothing can be sent.
  void abandon() noexcept;

  /// `attempt` counts from 1; `pause` comes before it.
  using Attempting = std::function<void(int attempt, std::chrono::milliseconds pause)>;

  /// After a lost connection: a new one, the run lock again (which the old session gives up only
  /// when its last statement has ended), and a new epoch, all within the budget. Throws
  /// Error{connection_lost} when it takes longer, and Error{lock_held} where another engine has
  /// gone on with the run meanwhile, Error{failover} where the server that answers now does not
  /// have the run as it was. Once it took too long, it is tried once more and briefly, for
  /// the last words to the journal, and then no more.
  /// Where a person ended the session, the epoch stays: the run may be looked at, and its end
  /// recorded, but it must not go on.
  void restore(const Error& lost, std::chrono::milliseconds budget, const Attempting& attempting);
  /// Will restore() not take its time any more?
  bool gave_up() const { return effort_ != Effort::full; }
  /// Did a person end the session?
  bool ended() const { return ended_.has_value(); }
  /// Throws Error{ended} where a person ended the session.
  void refuse_ended() const;
  /// The operator wants to stop: nothing silent is waited for, and no connection is made again.
  void hurry() noexcept;

 private:
  enum class Effort { full, once, none };

  void take_up(const Error& lost, const std::string& server_started,
               std::chrono::milliseconds patience);
  void refuse_mark();
  void retake_epoch();

  db::Connection connection_;
  Connect connect_;
  Connect connect_briefly_;
  OnNotice on_notice_;
  StatementBatch queue_{connection_};
  std::optional<journal::Journal> journal_;
  std::string run_;
  std::int64_t epoch_ = 0;
  bool fence_waits_ = false;
  std::string plan_role_;  // while the journal is written in its session; "none": it has set none
  Effort effort_ = Effort::full;
  std::optional<Error> ended_;
  // Last, so that it is given up first.
  std::optional<journal::RunLock> lock_;
};

/// Was the connection lost, rather than a statement refused?
bool is_lost(const Error& error);

/// `what`: "step \"Copy\", which run 20261130-1 had committed".
Error lost_in_failover(const std::string& what);

/// How often a step, or a write to the journal, takes a lost connection up again.
constexpr int reconnections = 2;

}  // namespace engine::runner
