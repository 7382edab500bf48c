// What must happen before the process ends at once.
#pragma once

#include <functional>

namespace engine::interrupt {

/// While it lives, `act` runs before the process ends without its destructors: at the third signal,
/// ten seconds after the first, or at SIGQUIT. It must not wait for anything.
class LastAct {
 public:
  explicit LastAct(std::function<void()> act);
  LastAct(const LastAct&) = delete;
  LastAct& operator=(const LastAct&) = delete;
  ~LastAct();

 private:
  int id_;
};

}  // namespace engine::interrupt
