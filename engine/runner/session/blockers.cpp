#include "runner/session/blockers.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/error.h"
#include "base/text.h"
#include "base/time.h"

namespace engine::runner {
namespace {

constexpr std::chrono::milliseconds before_asking{1000};
constexpr std::chrono::milliseconds at_least{20};  // most statements do not wait at all
constexpr std::chrono::milliseconds between{500};
constexpr std::size_t query_columns = 60;

// Of the blocker's transaction, or of what it does outside of one.
constexpr const char* blockers_sql =
    "SELECT b.pid, COALESCE(NULLIF(a.application_name, ''), 'no name') AS application,"
    " COALESCE(a.usename, '?') AS role, COALESCE(a.backend_type, '') AS kind,"
    " COALESCE(a.state, '') AS state, COALESCE(a.query, '') AS query,"
    " COALESCE(pg_catalog.to_char(COALESCE(a.xact_start, a.state_change) AT TIME ZONE 'UTC',"
    " 'YYYY-MM-DD HH24:MI:SS'), '') AS since,"
    " COALESCE(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()"
    " - COALESCE(a.xact_start, a.state_change)), 0)::pg_catalog.int8 AS seconds"
    " FROM (SELECT DISTINCT pg_catalog.unnest(pg_catalog.pg_blocking_pids($1::pg_catalog.int4))"
    " AS pid) AS b"
    " LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = b.pid ORDER BY b.pid";

// A cancel ends only what runs.
std::string to_end(int pid, const std::string& state, const std::string& kind) {
  if (kind == "autovacuum worker") return fmt::format("SELECT pg_cancel_backend({});", pid);
  const std::string end = fmt::format("SELECT pg_terminate_backend({});", pid);
  return state == "active" ? fmt::format("SELECT pg_cancel_backend({}); or {}", pid, end) : end;
}

// pg_blocking_pids gives 0 for a prepared transaction, which has no session.
Blocker blocker_of(const db::Result& result, std::size_t row) {
  const int pid = static_cast<int>(result.integer(row, "pid"));
  if (pid == 0) {
    return {pid,
            "a prepared transaction; to end it: SELECT gid FROM pg_prepared_xacts; then COMMIT "
            "PREPARED or ROLLBACK PREPARED"};
  }
  std::string text = fmt::format("pid {} ({}, user {})", pid, result.text(row, "application"),
                                 result.text(row, "role"));
  const std::string& state = result.text(row, "state");
  if (state.empty()) {
    text += "; its statement is hidden from this role (members of pg_read_all_stats see it)";
  } else {
    text += fmt::format(", in a transaction since {} UTC ({}), {}: {}", result.text(row, "since"),
                        time::duration(std::chrono::seconds{result.integer(row, "seconds")}), state,
                        text::shortened(text::printable(result.text(row, "query")), query_columns));
  }
  return {pid, text + "; to end it: " + to_end(pid, state, result.text(row, "kind"))};
}

}  // namespace

BlockerWatch::BlockerWatch(std::function<db::Connection()> connect, int backend_pid,
                           std::chrono::milliseconds waited)
    : connect_(std::move(connect)),
      backend_pid_(backend_pid),
      before_asking_(std::max(at_least, before_asking - waited)) {
  if (connect_) thread_ = std::thread([this] { watch(); });
}

BlockerWatch::~BlockerWatch() { stop(); }

void BlockerWatch::stop() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
    // On a network that carries nothing its answer would be waited for too.
    if (asking_ != nullptr) asking_->hurry();
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::vector<Blocker> BlockerWatch::seen() {
  const std::lock_guard lock{mutex_};
  return seen_;
}

bool BlockerWatch::stopped_within(std::chrono::milliseconds patience) {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, patience, [this] { return stopping_; });
}

void BlockerWatch::watch() {
  if (stopped_within(before_asking_)) return;
  try {
    db::Connection connection = connect_();
    {
      const std::lock_guard lock{mutex_};
      asking_ = &connection;
      // It is asked once all the same: a wait may be shorter than it takes to connect.
      if (stopping_) connection.hurry();
    }
    ask(connection);
  } catch (const std::exception&) {
    // Naming the blockers is a courtesy: without a second connection the wait goes on unnamed.
  }
}

void BlockerWatch::ask(db::Connection& connection) {
  try {
    do {
      const db::Result result = connection.query(blockers_sql, {std::to_string(backend_pid_)});
      std::vector<Blocker> now;
      for (std::size_t row = 0; row < result.size(); ++row) now.push_back(blocker_of(result, row));
      const std::lock_guard lock{mutex_};
      if (!now.empty()) seen_ = std::move(now);
    } while (!stopped_within(between));
  } catch (const std::exception&) {
    // As above.
  }
  const std::lock_guard lock{mutex_};
  asking_ = nullptr;
}

}  // namespace engine::runner
