// One session with a server. The only door to libpq and libpqxx.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>
#include <typeinfo>
#include <vector>

#include "base/error.h"
#include "db/result.h"
#include "db/target.h"

namespace engine::db {

struct Notice {
  std::string severity;  // "NOTICE", "WARNING", not localised
  std::string sqlstate;
  std::string message;
  std::string detail;
  std::string hint;
};

/// When a server that says nothing while an answer is awaited is taken for lost.
struct Liveness {
  std::chrono::milliseconds silence{10000};   // before it is first asked whether it answers
  std::chrono::milliseconds patience{10000};  // for that answer
  std::chrono::milliseconds deadline{25000};  // without any, since it was first asked
};

struct Settings {
  std::string application_name = "engine";
  std::chrono::seconds connect_timeout{10};
  bool read_only = false;  // default_transaction_read_only
  /// session: the search_path stays the target's, and each statement of the engine's own is
  /// surrounded by a switch to pg_catalog and back, in the same round trip. catalog: the session
  /// has no other path; for those that execute nothing of a plan.
  Lookup lookup = Lookup::session;
  Liveness liveness{};
};

enum class TransactionStatus { idle, active, in_transaction, in_error, unknown };

/// A server error keeps SQLSTATE, DETAIL, HINT, constraint and position; see Error.
/// A lost connection is Error{connection_lost}; nothing ever reconnects by itself. Statements may
/// take as long as they want on a server that lives; one that does not answer any more, or a
/// network that carries nothing, is a lost connection too (Liveness).
class Connection {
 public:
  struct State;

  /// Opens a session and fixes its settings: UTF8, ISO dates, UTC, standard_conforming_strings,
  /// READ COMMITTED, client_connection_check_interval, keepalives, statement_timeout 0,
  /// idle_in_transaction_session_timeout off. Throws Error{unreachable} with the host, port,
  /// database and user, never the password. An interruption that is requested meanwhile ends it:
  /// Error{interrupted}.
  static Connection open(const Target& target, const Settings& settings = {});

  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// A statement of the plan: one statement, extended protocol, one round trip, on the session's
  /// search_path. An interruption (base/interrupt.h) cancels it: Error{interrupted}. COPY to or
  /// from the client is refused. A statement of the engine's own that reads names in it must
  /// qualify them all, operators and types too.
  Result execute(std::string_view sql, const Params& params = {});
  Result execute(const Command& command) { return execute(command.sql, command.params); }

  /// A statement of the engine's own (Lookup::catalog). Of a success it tells less: the result may
  /// lack its tag.
  Result query(std::string_view sql, const Params& params = {});

  /// Statements without parameters: simple protocol, one round trip. Outside a transaction they are
  /// one of their own.
  void script(std::string_view sql, Lookup lookup = Lookup::session);

  /// Ends the open transaction, if there is one; also while an interruption is requested, which
  /// would refuse `execute`.
  void rollback();

  /// Commands that give the session its role and settings back, whatever SET and SET ROLE have done
  /// since it was opened. May stand in a transaction.
  std::vector<Command> restoring() const;

  TransactionStatus status() const;
  int server_version() const;  // 150020
  int backend_pid() const;     // the server's own, also behind a pooler
  /// When the server started, in a form to compare; "" where it does not say.
  const std::string& server_started() const;
  /// server_encoding, is_superuser …; host, hostaddr and port that answered; "" where unknown
  std::string parameter(const std::string& name) const;

  /// Is something between this client and the server that answers for it (PgBouncer, Supavisor)?
  /// PQbackendPID against pg_backend_pid(), asked when the session was opened.
  bool behind_pooler() const;

  /// Called while a statement runs, on its thread; the listener must not use this connection.
  void on_notice(std::function<void(const Notice&)> listener);

  /// Called after each statement that succeeded, in order, whoever sent it; of a script with the
  /// whole of it.
  void on_statement(std::function<void(const Command&)> listener);

  /// Called again and again, on its thread, while a statement of `execute` or a pipeline gives no
  /// answer; the listener must not use this connection.
  void while_waiting(std::function<void()> listener);

  /// From now on a server that says nothing is asked at once whether it answers, and taken for lost
  /// within a second where it does not. Safe from any thread.
  void hurry() noexcept;

  /// Says nothing more to the server: from now on the connection is a lost one.
  void abandon(std::string why);

  /// Asks the server to cancel what runs, and does not wait for it. Safe from any thread and after
  /// the connection has gone.
  std::function<void()> canceller() const;

  /// Flushes (each followed by a wait) made so far: what promise 9 counts.
  long round_trips() const;

  /// What a layer above keeps of this session, one of a type, as long as the session lives. Made
  /// where there is none.
  template <typename T>
  T& kept() {
    std::shared_ptr<void>& place = kept_place(typeid(T));
    if (!place) place = std::make_shared<T>();
    return *static_cast<T*>(place.get());
  }

  static std::string quote_literal(std::string_view value);

 private:
  std::shared_ptr<void>& kept_place(std::type_index type);
  friend class Pipeline;
  friend class Transaction;
  friend class Savepoint;
  explicit Connection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// What a lost connection was lost by, without the words that say that it was.
std::string cause_of_loss(const Error& error);

}  // namespace engine::db
