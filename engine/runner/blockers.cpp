#include "runner/blockers.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/error.h"
#include "base/text.h"

namespace engine::runner {
namespace {

constexpr std::chrono::milliseconds before_asking{1000};
constexpr std::chrono::milliseconds at_least{20};  // most statements do not wait at all
constexpr std::chrono::milliseconds between{500};
constexpr std::size_t query_columns = 60;

// pg_blocking_pids gives 0 for a prepared transaction, which has no session.
std::vector<std::string> blockers_of(db::Connection& connection, int pid) {
  const db::Result result = connection.query(
      "SELECT b.pid, coalesce(nullif(a.application_name, ''), 'no name') AS application,"
      " coalesce(a.usename, '?') AS role, coalesce(a.query, '') AS query"
      " FROM (SELECT DISTINCT pg_catalog.unnest(pg_catalog.pg_blocking_pids($1::int)) AS pid) b"
      " LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid ORDER BY b.pid",
      {std::to_string(pid)});
  std::vector<std::string> blockers;
  for (std::size_t row = 0; row < result.size(); ++row) {
    const std::string& holder = result.text(row, "pid");
    blockers.push_back(
        holder == "0" ? "a prepared transaction"
                      : fmt::format("pid {} ({}, user {}): {}", holder,
                                    result.text(row, "application"), result.text(row, "role"),
                                    text::shortened(result.text(row, "query"), query_columns)));
  }
  return blockers;
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

std::vector<std::string> BlockerWatch::stop() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
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
    do {
      std::vector<std::string> now = blockers_of(connection, backend_pid_);
      const std::lock_guard lock{mutex_};
      if (!now.empty()) seen_ = std::move(now);
    } while (!stopped_within(between));
  } catch (const std::exception&) {
    // Naming the blockers is a courtesy: without a second connection the wait goes on unnamed.
  }
}

}  // namespace engine::runner
