#include "approval/lock_watch.h"

#include <chrono>

#include "approval/queries.h"
#include "trace/trace.h"

namespace engine::approval {
namespace {

// Each look walks through all locks of the server; a lock that is shorter hurts nobody.
constexpr std::chrono::milliseconds interval{50};

}  // namespace

LockWatch::LockWatch(db::Connection connection, std::string pid, std::string journal, Judge judge)
    : connection_(std::move(connection)),
      pid_(std::move(pid)),
      journal_(std::move(journal)),
      judge_(std::move(judge)),
      thread_([this] { look_on(); }) {}

LockWatch::~LockWatch() {
  {
    const std::lock_guard guard{mutex_};
    ends_ = true;
  }
  ends_soon_.notify_one();
  thread_.join();
}

void LockWatch::check() {
  const std::lock_guard guard{mutex_};
  if (wrong_) throw *wrong_;
}

// The lock is held until the statement has been cancelled: check() must not let the next one be
// sent, which the cancel would hit. A session that waits for its next statement ignores it.
void LockWatch::look_on() {
  std::unique_lock guard{mutex_};
  try {
    while (!ends_ && !wrong_) {
      look();
      ends_soon_.wait_for(guard, interval, [this] { return ends_; });
    }
  } catch (const std::exception& error) {
    if (!wrong_)
      wrong_ = Error{Code::unapproved, "the engine can no longer see what the step locks: {}",
                     error.what()}
                   .hint("The same command continues the run.");
  }
}

void LockWatch::look() {
  std::map<std::string, std::string> locks;
  const db::Result found = connection_.query(query("blocking_locks"), {pid_, journal_});
  for (std::size_t row = 0; row < found.size(); ++row) {
    std::string& strongest = locks[found.text(row, "relation")];
    const std::string& mode = found.text(row, "mode");
    if (strongest.empty() || trace::strength(mode) > trace::strength(strongest)) strongest = mode;
  }
  if (!(wrong_ = judge_(locks))) return;
  connection_.query("SELECT pg_catalog.pg_cancel_backend($1::int)", {pid_});
}

}  // namespace engine::approval
