// What a Connection is inside: the handle, and everything that waits on it. Private to db.
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <typeindex>
#include <vector>

#include "db/canceller.h"
#include "db/connection.h"
#include "db/pqxx.h"
#include "db/watchdog.h"

namespace engine::db {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultHandle = std::unique_ptr<PGresult, ClearResult>;

/// May an operator's interruption end it? What undoes work (ROLLBACK) must get through.
enum class Interruptible { yes, no };

struct Connection::State {
  State(PGconn* opened, const Liveness& liveness);
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State();

  /// Throws Error{connection_lost} where the session has ended. A server that ended it while
  /// nothing was asked has sent its reason, which only PQconsumeInput reads.
  void ensure_alive();

  /// One statement in the extended protocol.
  Result run(const std::string& sql, const Params& params, Interruptible interruptible);
  /// Statements without parameters in the simple protocol, one round trip.
  void run_script(const std::string& sql, Interruptible interruptible);

  /// Waits until a result can be read without blocking, flushing what is still to be sent. While an
  /// interruption is requested it asks for a cancel again and again: one that arrives before its
  /// statement is lost.
  void wait_for_result(Interruptible interruptible);

  /// Hands out the notices that have arrived, in their order.
  void deliver_notices();

  /// The error of a result. Ends the session where the server did.
  Error failure(const PGresult* result, std::string_view sql);
  /// The error of a session that ended, with the last reason given.
  Error lost();

  /// Nothing more can be said to the server: the socket is closed.
  void abandon(std::string reason);

  PGconn* handle;
  std::shared_ptr<Canceller> cancel;
  std::unique_ptr<Watchdog> watchdog;
  std::unique_ptr<Pqxx> pqxx;
  std::function<void(const Notice&)> listener;
  std::function<void()> waiting;              // called while nothing comes
  std::function<void(const Command&)> heard;  // statements that succeeded
  std::vector<Notice> notices;
  std::vector<Command> restoring;
  std::optional<Notice> reason;  // the last FATAL
  bool ended = false;
  bool pooled = false;
  Lookup lookup = Lookup::catalog;  // of the session's own search_path
  int server_pid = 0;
  std::string server_started;
  /// Of what comes first: nothing is silent for longer. Of the opening.
  std::optional<std::chrono::steady_clock::time_point> deadline;
  long round_trips = 0;
  std::map<std::type_index, std::shared_ptr<void>> kept;  // Connection::kept()

 private:
  void wait_for_socket(bool to_write, Interruptible interruptible);
  Result collect(const std::string& sql, Interruptible interruptible);
  void end_copy(ExecStatusType status, Interruptible interruptible);
};

/// Before and after statements of the engine's own on a session that has the target's search_path.
/// They hold no operator and no bare name, since they run on that path, and end with their
/// transaction. Meanwhile engine.search_path is the session's path, and engine.schemas are the
/// schemas that it finds (a name[]).
extern const char* const enter_catalog;
extern const char* const leave_catalog;

/// The rows, command tag and row count of a successful result.
Result result_of(const PGresult* result);

/// A C string for libpq. Throws Error{argument} for a NUL byte, at which libpq would stop reading.
std::string c_text(std::string_view text, std::string_view what);

/// libpq's view of parameters, valid while they live.
std::vector<const char*> pointers(const Params& params);

}  // namespace engine::db
