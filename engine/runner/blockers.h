// Who blocks us: asked over a second connection, and only where a wait lasts longer than a second.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "db/connection.h"

namespace engine::runner {

/// Lives while one answer is awaited.
class BlockerWatch {
 public:
  /// `waited`: in earlier tries, which count; a lock_timeout may be shorter than a second.
  BlockerWatch(std::function<db::Connection()> connect, int backend_pid,
               std::chrono::milliseconds waited);
  BlockerWatch(const BlockerWatch&) = delete;
  BlockerWatch& operator=(const BlockerWatch&) = delete;
  ~BlockerWatch();

  /// Ends the watch. The last ones seen: `pid 4711 (psql, user postgres): ALTER TABLE …`.
  std::vector<std::string> stop();

 private:
  void watch();
  bool stopped_within(std::chrono::milliseconds patience);

  std::function<db::Connection()> connect_;
  int backend_pid_;
  std::chrono::milliseconds before_asking_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::vector<std::string> seen_;
  std::thread thread_;
};

}  // namespace engine::runner
