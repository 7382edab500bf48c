// What is going on right now: shown once it has lasted longer than a second.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "event/event.h"
#include "report/screen.h"

namespace engine::report {

/// On a terminal one line that is rewritten in place; without one a plain line every ten seconds.
class Meter {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Meter(Screen& screen) : screen_(screen) {}
  ~Meter();
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;

  /// Ticks by itself from now on, on a thread of its own.
  void start();

  void begin(std::string title, Clock::time_point now = Clock::now());
  void update(const event::Progress& progress);
  void end();
  /// The connection is being made again; until something else happens nothing else is shown.
  void reconnecting(const std::string& cause, Clock::time_point now = Clock::now());
  void connected();
  void tick(Clock::time_point now);

 private:
  std::string line(Clock::time_point now) const;

  Screen& screen_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::string title_;  // "": nothing is going on
  std::string lost_;   // why the connection is being made again; "": it is not
  Clock::time_point lost_at_;
  Clock::time_point began_, told_;
  std::optional<event::Progress> progress_;
  std::thread thread_;
};

}  // namespace engine::report
