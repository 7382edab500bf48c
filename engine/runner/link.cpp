#include "runner/link.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/time.h"
#include "journal/ending.h"
#include "runner/pause.h"

namespace engine::runner {
namespace {

Error taken_over(const std::string& run) {
  return Error{Code::lock_held, "another engine has taken over run {}", run}.hint(
      "This engine stops here: engine status shows the other one.");
}

constexpr std::chrono::milliseconds first_pause{100};
constexpr std::chrono::milliseconds longest_pause{2000};

}  // namespace

bool is_lost(const Error& error) {
  return error.code() == Code::connection_lost || error.code() == Code::unreachable;
}

Link::Link(db::Connection connection, Connect connect, OnNotice on_notice)
    : connection_(std::move(connection)),
      connect_(std::move(connect)),
      on_notice_(std::move(on_notice)) {
  connection_.on_notice(on_notice_);
}

void Link::lock(std::chrono::milliseconds patience) {
  lock_.emplace(journal::RunLock::take(connection_, patience));
}

void Link::open_journal(const std::string& schema, bool read_only) {
  journal_.emplace(journal::Journal::open(connection_, schema, read_only));
}

void Link::adopt(std::string run, std::int64_t epoch) {
  run_ = std::move(run);
  epoch_ = epoch;
}

// The isolation level is the session's (see Connection::open).
void Link::add_begin() { queue_.add_control("BEGIN READ WRITE NOT DEFERRABLE"); }

void Link::add_fence() {
  fence_waits_ = true;
  queue_.add(journal_->check_epoch(run_, epoch_), [this](const db::Answer& answer) {
    fence_waits_ = false;
    if (!answer.result.empty()) return;
    throw taken_over(run_);
  });
}

void Link::add_restoring() {
  for (db::Command& command : connection_.restoring()) queue_.add(std::move(command));
  if (run_.empty()) return;
  queue_.add({"SELECT pg_catalog.set_config('application_name', $1, false)",
              {fmt::format("engine/{}/{}", run_, epoch_)}});
}

void Link::restore_settings() noexcept {
  try {
    add_restoring();
    queue_.flush();
  } catch (const std::exception&) {
    queue_.forget();
  }
}

bool Link::alive() const { return connection_.status() != db::TransactionStatus::unknown; }

bool Link::in_transaction() const {
  const db::TransactionStatus status = connection_.status();
  return status == db::TransactionStatus::in_transaction ||
         status == db::TransactionStatus::in_error;
}

void Link::abandon() noexcept {
  queue_.forget();
  fence_waits_ = false;
  try {
    connection_.rollback();
  } catch (const std::exception&) {
    // A connection that cannot roll back is gone, and the server has rolled back for it.
  }
}

void Link::restore(std::chrono::milliseconds budget) {
  queue_.forget();
  // Before the connection changes under it: it would release the new session's lock.
  lock_.reset();
  const time::Stopwatch watch;
  std::chrono::milliseconds length = first_pause;
  for (;;) {
    try {
      connection_ = connect_();
      break;
    } catch (const Error& error) {
      if (!is_lost(error) || watch.elapsed() + length > budget) throw;
    }
    pause(length);
    length = std::min(length * 2, longest_pause);
  }
  connection_.on_notice(on_notice_);
  lock(budget);
  if (run_.empty()) return;
  queue_.add(journal::find_ending(journal_->schema(), run_, epoch_), [this](const db::Answer& a) {
    if (a.result.empty()) return;
    ended_ = Error{Code::ended,
                   "run {} was ended by {} on {} at {} UTC (engine status --end)",
                   run_,
                   a.result.text(0, "role"),
                   a.result.text(0, "host"),
                   a.result.text(0, "at")}
                 .hint("engine status shows what stands.");
  });
  queue_.flush();
  if (ended_) return;
  // Without a session this engine had no lock: the steps it knows as pending may be done by now.
  queue_.add(journal_->take_epoch(run_, epoch_), [this](const db::Answer& answer) {
    if (answer.result.empty()) throw taken_over(run_);
    epoch_ = answer.result.integer(0, "epoch");
  });
  queue_.flush();
}

void Link::refuse_ended() const {
  if (ended_) throw *ended_;
}

}  // namespace engine::runner
