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

struct Blocker {
  int pid = 0;  // 0: a prepared transaction
  /// Who it is, since when, what it runs, and what would end it: "pid 4711 (psql, user postgres),
  /// in a transaction since 2026-11-20 14:03:12 UTC (2 min), idle in transaction: ALTER TABLE …; to
  /// end it: SELECT pg_terminate_backend(4711);"
  std::string text;
};

/// Lives while one answer is awaited.
class BlockerWatch {
 public:
  /// `waited`: in earlier tries, which count; a lock_timeout may be shorter than a second.
  BlockerWatch(std::function<db::Connection()> connect, int backend_pid,
               std::chrono::milliseconds waited);
  BlockerWatch(const BlockerWatch&) = delete;
  BlockerWatch& operator=(const BlockerWatch&) = delete;
  ~BlockerWatch();

  /// Those seen last.
  std::vector<Blocker> seen();
  /// Ends the watch.
  void stop();

 private:
  void watch();
  void ask(db::Connection& connection);
  bool stopped_within(std::chrono::milliseconds patience);

  std::function<db::Connection()> connect_;
  int backend_pid_;
  std::chrono::milliseconds before_asking_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::vector<Blocker> seen_;
  db::Connection* asking_ = nullptr;  // while one is open
  std::thread thread_;
};

}  // namespace engine::runner
