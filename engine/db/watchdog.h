// Is anybody there? Looked after while an answer is awaited that does not come. Private to db.
#pragma once

#include <libpq-fe.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "db/connection.h"
#include "db/probe.h"

namespace engine::db {

/// A statement may run for hours on a server that lives, so there is no limit for its answer. But a
/// network can acknowledge and carry nothing, and a server can be stopped: after some silence the
/// server is asked, over a connection of its own, whether it answers, and whether the session still
/// works. Where it does not, the session's socket is shut down, which ends every wait on it,
/// libpq's own included.
class Watchdog {
 public:
  Watchdog(PGconn* handle, const Liveness& liveness);
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog();

  /// While it lives, an answer is awaited.
  class Wait {
   public:
    explicit Wait(Watchdog& watchdog);
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;
    ~Wait();

   private:
    Watchdog& watchdog_;
  };

  /// Within a Wait: a listener is told something, which may take as long as a terminal is held.
  class Pause {
   public:
    explicit Pause(Watchdog& watchdog);
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;
    ~Pause();

   private:
    Watchdog& watchdog_;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    bool waited_ = false;
  };

  /// What the server said of the session when it was opened: from then on it can be asked about it.
  void knows(SessionId session);
  /// Bytes have come.
  void heard() noexcept;
  /// From now on, silence is asked about at once; as it is while an interruption is requested.
  void hurry() noexcept { hurried_ = true; }
  /// Why the session was given up; "" where it was not.
  std::string verdict() const;

 private:
  using Clock = std::chrono::steady_clock;

  void watch();
  void watch_wait(std::unique_lock<std::mutex>& lock);
  bool urgent() const;
  std::chrono::milliseconds silence() const;
  void give_up(std::string why);

  const Liveness liveness_;
  const int socket_;  // a duplicate, which libpq does not close
  Probe probe_;
  std::atomic<bool> hurried_{false};
  std::atomic<Clock::rep> heard_at_{0};
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool waiting_ = false;
  bool asleep_ = false;
  long waits_ = 0;
  std::optional<SessionId> session_;
  std::string verdict_;
  std::thread thread_;  // begins with the first wait
};

}  // namespace engine::db
