#include "journal/run_lock.h"

#include <algorithm>
#include <thread>

#include "base/interrupt.h"
#include "base/text.h"
#include "base/time.h"

namespace engine::journal {
namespace {

using std::chrono::milliseconds;

// The lock's two numbers: "engn" in ASCII, and 1 for runs. An advisory lock belongs to its
// database.
constexpr const char* try_sql =
    "SELECT pg_catalog.pg_try_advisory_lock(1701734254, 1) AS had,"
    " pg_catalog.clock_timestamp()::text AS now";
constexpr const char* unlock_sql = "SELECT pg_catalog.pg_advisory_unlock(1701734254, 1)";

// objsubid is 2 for a lock of two numbers. What another role's session executes is hidden without
// pg_read_all_stats.
constexpr const char* holder_sql =
    "SELECT a.pid, COALESCE(a.application_name, '') AS application_name, COALESCE(a.usename, '') "
    "AS usename,"
    "       COALESCE(pg_catalog.host(a.client_addr), '') AS client, "
    "COALESCE(a.backend_start::text, '') AS since,"
    "       COALESCE(a.state, '') AS state, COALESCE(a.query, '') AS query, "
    "COALESCE(a.query_start::text, '') AS query_since"
    "  FROM pg_catalog.pg_locks AS l"
    "  JOIN pg_catalog.pg_database AS d ON d.oid = l.database AND d.datname = "
    "pg_catalog.current_database()"
    "  JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.classid = 1701734254 AND l.objid = 1 AND l.objsubid = 2 "
    "AND l.granted";

// backend_start guards against a pid that has been given to another session meanwhile.
constexpr const char* cancel_sql =
    "SELECT pg_catalog.pg_cancel_backend(pid) FROM pg_catalog.pg_stat_activity"
    " WHERE pid = $1 AND backend_start IS NOT DISTINCT FROM NULLIF($2, '')::timestamptz";
constexpr const char* end_sql =
    "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity"
    " WHERE pid = $1 AND backend_start IS NOT DISTINCT FROM NULLIF($2, '')::timestamptz";

/// Asks again with growing pauses until it holds or patience ends; an interruption ends it at once.
template <typename Predicate>
bool poll(milliseconds patience, Predicate holds) {
  const time::Stopwatch watch;
  milliseconds pause{50};
  while (!holds()) {
    const milliseconds left = patience - watch.elapsed();
    if (left <= milliseconds{0}) return false;
    milliseconds rest = std::min(pause, left);
    while (rest > milliseconds{0}) {
      interrupt::check();
      const milliseconds nap = std::min(rest, milliseconds{50});
      std::this_thread::sleep_for(nap);
      rest -= nap;
    }
    pause = std::min(pause * 3 / 2, milliseconds{1000});
  }
  return true;
}

bool signal(db::Connection& connection, const char* sql, const LockHolder& holder) {
  return !connection.query(sql, {std::to_string(holder.pid), holder.since}).empty();
}

Error held(const std::optional<LockHolder>& holder) {
  Error error{Code::lock_held, "another engine works on this database: {}",
              holder ? holder->describe() : "this role cannot see its session"};
  std::string hint =
      "engine status --wait waits for it; --cancel stops its statement, --end its session.";
  if (holder) {
    hint +=
        fmt::format(" In SQL: SELECT pg_cancel_backend({0}); and SELECT pg_terminate_backend({0});",
                    holder->pid);
  }
  return error.hint(std::move(hint));
}

}  // namespace

std::string LockHolder::run() const {
  constexpr std::string_view prefix = "engine/";
  if (!application_name.starts_with(prefix)) return "";
  return application_name.substr(prefix.size(), application_name.rfind('/') - prefix.size());
}

std::string LockHolder::describe() const {
  const std::string name = run();
  std::string words =
      fmt::format("{} of {} (pid {}, {}) since {}", name.empty() ? application_name : "run " + name,
                  user, pid, client, since);
  if (!state.empty()) words += ", " + state;
  if (!query.empty() && !query_since.empty()) words += " since " + query_since;
  if (!query.empty()) words += ": " + text::shortened(text::printable(text::trimmed(query)), 200);
  return words;
}

RunLock RunLock::take(db::Connection& connection, milliseconds patience) {
  std::string waited_since;
  const auto had = [&] {
    const db::Result answer = connection.query(try_sql);
    if (answer.boolean(0, "had")) return true;
    if (waited_since.empty()) waited_since = answer.text(0, "now");
    return false;
  };
  if (!poll(patience, had)) throw held(holder(connection));
  RunLock lock{connection};
  lock.waited_since_ = std::move(waited_since);
  return lock;
}

std::optional<LockHolder> RunLock::holder(db::Connection& connection) {
  const auto rows = connection.query(holder_sql);
  if (rows.empty()) return std::nullopt;
  LockHolder holder;
  holder.pid = static_cast<int>(rows.integer(0, "pid"));
  holder.application_name = rows.text(0, "application_name");
  holder.user = rows.text(0, "usename");
  holder.client = rows.text(0, "client").empty() ? "a local socket" : rows.text(0, "client");
  holder.since = rows.text(0, "since");
  holder.state = rows.text(0, "state");
  holder.query = rows.text(0, "query");
  holder.query_since = rows.text(0, "query_since");
  return holder;
}

bool RunLock::wait_until_free(db::Connection& connection, milliseconds patience) {
  return poll(patience, [&] { return !holder(connection); });
}

bool RunLock::wait_until_gone(db::Connection& connection, const LockHolder& holder,
                              milliseconds patience) {
  return poll(patience, [&] {
    const std::optional<LockHolder> now = RunLock::holder(connection);
    return !now || now->pid != holder.pid || now->since != holder.since;
  });
}

bool RunLock::cancel(db::Connection& connection, const LockHolder& holder) {
  return signal(connection, cancel_sql, holder);
}

bool RunLock::end(db::Connection& connection, const LockHolder& holder) {
  return signal(connection, end_sql, holder);
}

RunLock::~RunLock() {
  if (connection_ == nullptr || connection_->status() != db::TransactionStatus::idle) return;
  try {
    connection_->query(unlock_sql);
  } catch (const std::exception&) {
    // The lock ends with its session.
  }
}

}  // namespace engine::journal
