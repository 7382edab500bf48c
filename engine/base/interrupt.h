// Ctrl-C, seen from everywhere that waits.
#pragma once

#include <functional>

namespace engine::interrupt {

/// Set once by the signal thread; stays set until clear().
bool requested() noexcept;
/// Throws Error{interrupted} where it is set.
void check();

/// Called by the signal thread: sets the flag and runs the reactions registered at that moment.
void request();
/// A rollback after an interruption starts with a clean flag.
void clear() noexcept;

/// While it lives, `react` runs (on the signal thread) when an interruption is requested.
class Reaction {
 public:
  explicit Reaction(std::function<void()> react);
  Reaction(const Reaction&) = delete;
  Reaction& operator=(const Reaction&) = delete;
  ~Reaction();

 private:
  int id_;
};

/// Blocks SIGINT, SIGTERM, SIGHUP and SIGQUIT and handles them in a thread of its own: the first
/// requests an interruption, the third, or ten seconds, ends the process with 130; SIGQUIT ends it
/// at once. SIGHUP and SIGQUIT stay ignored where they are (nohup). Before any other thread starts.
void handle_signals();

}  // namespace engine::interrupt
