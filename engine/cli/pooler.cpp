#include "cli/pooler.h"

#include <fmt/format.h>

#include <future>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace engine::cli {
namespace {

constexpr int rivals = 3;  // sessions that would take the server session away
constexpr std::chrono::seconds patience{5};
constexpr std::chrono::milliseconds a_moment{2000};
constexpr int round_trips_to_connect = 20;  // and more than that
constexpr const char* backend_pid = "SELECT pg_catalog.pg_backend_pid() AS pid";

std::string pid_of(db::Connection& connection) {
  return connection.query(backend_pid).text(0, "pid");
}

// Supavisor refuses a client where PgBouncer lets it wait.
bool says_that_it_pools_sessions(const Error& error) {
  return error.message().find("in Session mode") != std::string::npos;
}

/// Does the pooler keep one server session for us? Nothing where that could not be found out; then
/// `why` says what stood in the way.
class Trial {
 public:
  Trial(db::Connection& connection, const Connect& connect)
      : connection_(connection), connect_(connect) {}

  /// While others hold transactions open, a pooler of transactions gives our idle session's server
  /// session to them: ours then answers from another process, or theirs from ours.
  std::optional<bool> keeps_its_session();
  const std::string& why() const { return why_; }

 private:
  enum class Rival { connected, waits, refused };
  Rival add_rival();
  bool shares_a_session() {
    return pid_of(others_.back()) == ours_ || pid_of(connection_) != ours_;
  }

  db::Connection& connection_;
  const Connect& connect_;
  std::string ours_;
  std::chrono::milliseconds a_while_{0};
  std::vector<db::Connection> others_;
  std::string why_;
};

std::optional<bool> Trial::keeps_its_session() {
  const time::Stopwatch watch;
  ours_ = pid_of(connection_);
  a_while_ = a_moment + watch.elapsed() * round_trips_to_connect;
  for (int i = 0; i < rivals; ++i) {
    const Rival rival = add_rival();
    if (rival == Rival::waits) return true;
    if (rival == Rival::refused) return std::nullopt;
    try {
      others_.back().query("BEGIN");
    } catch (const Error& error) {
      if (error.code() == Code::interrupted) throw;
      return false;  // a pool of statements ends a session at its BEGIN
    }
    if (shares_a_session()) return false;
  }
  return true;
}

// A pool of sessions without a free place lets the rival wait. One of transactions would serve the
// rival, which asked first, by the server session that we do not use: where we are answered while
// it still waits, that session is ours.
Trial::Rival Trial::add_rival() {
  std::future<db::Connection> rival =
      std::async(std::launch::async, [this] { return connect_(patience); });
  try {
    if (rival.wait_for(a_while_) == std::future_status::timeout) {
      const bool same = pid_of(connection_) == ours_;
      if (same && rival.wait_for(std::chrono::seconds{0}) == std::future_status::timeout)
        return Rival::waits;
    }
    others_.push_back(rival.get());
    return Rival::connected;
  } catch (const Error& error) {
    if (error.code() == Code::interrupted) throw;
    if (says_that_it_pools_sessions(error)) return Rival::waits;
    why_ = error.message();
    return Rival::refused;
  }
}

std::string parameter(const db::Target& target, const char* keyword) {
  const auto found = target.parameters().find(keyword);
  return found == target.parameters().end() ? "" : found->second;
}

std::string advice(const db::Target& target) {
  const bool supabase = parameter(target, "host").ends_with(".pooler.supabase.com");
  if (supabase)
    return "Use port 5432 of the same host, where Supabase pools sessions instead of transactions.";
  return "Give the server's own host and port (often 5432), or a pool in session mode.";
}

}  // namespace

std::string check_pooler(db::Connection& connection, const db::Target& target,
                         const Connect& connect) {
  if (!connection.behind_pooler()) return "";
  Trial trial{connection, connect};
  const std::optional<bool> keeps = trial.keeps_its_session();
  if (!keeps) {
    throw Error{Code::refused,
                "{} is a pooler, and the engine cannot find out whether it keeps one server "
                "session for each client",
                target.describe()}
        .detail("The test needs a second connection: " + trial.why())
        .hint(
            "Try again when the pool has a free connection, or give the server's own host and "
            "port.");
  }
  if (!*keeps) {
    throw Error{Code::refused,
                "{} is a pooler that does not keep one server session for each client",
                target.describe()}
        .detail(
            "The engine's lock and a step's settings belong to a session. Through this pooler, "
            "other clients would get that session.")
        .hint(advice(target));
  }
  return fmt::format("warning: {} is a pooler; it keeps the session, so the engine continues",
                     target.describe());
}

}  // namespace engine::cli
