// Events on their way to the listener: stamped, and counted for run.finished.
#pragma once

#include <map>
#include <string>

#include "event/event.h"

namespace engine::event {

class Emitter {
 public:
  explicit Emitter(Listener listener) : listener_(std::move(listener)) {}

  void emit(EventBody body);
  void run_is(std::string id) { run_ = std::move(id); }

  /// done, skipped, failed, rolled_back, waiting, checks, failed_checks: those that happened.
  const std::map<std::string, int>& counts() const { return counts_; }

 private:
  void count(const EventBody& body);

  Listener listener_;
  std::string run_;
  std::map<std::string, int> counts_;
};

}  // namespace engine::event
