// One case of the sweep: which command of which plan is struck, at which message, and how.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/proxy.h"

namespace test {

/// What becomes of the connection, the engine or the server.
enum class FaultKind {
  cut_before,       // the message never arrives
  cut_after,        // it arrives, nothing comes back
  cut_after_reply,  // it is answered, the answer is lost
  kill_before,      // the same with the engine killed
  kill_after,
  kill_after_reply,
  freeze_before,  // nothing passes for a moment, then both ends find the connection closed
  freeze_after,
  end_before,  // pg_terminate_backend on the engine's session
  end_after,
  cut_waiting,  // while the statement waits for another session; only where it says CONCURRENTLY
  kill_waiting,
  taken_over,    // frozen with its session ended; another engine goes on, then it wakes
  crash_before,  // SIGKILL to the engine's server process: all sessions of the server end
  crash_after,
};

std::string name_of(FaultKind kind);
/// Those that need no server of their own.
const std::vector<FaultKind>& kinds_on_any_server();
bool kills_engine(FaultKind kind);
bool waits(FaultKind kind);

/// What is given, and what follows a command that did not end well.
enum class Flow {
  run,       // run, and run again; then rollback as a second pass
  undo,      // run, then rollback
  rollback,  // rollback of a finished run, and rollback again
};

std::string name_of(Flow flow);

struct FaultCase {
  Flow flow = Flow::run;
  FaultKind kind = FaultKind::cut_before;
  int message = 1;  // of the struck command, from 1

  std::string describe() const;
};

/// The messages of an undisturbed run and rollback, in their order.
struct Script {
  std::vector<std::string> run, rollback;
  const std::vector<std::string>& of(Flow flow) const {
    return flow == Flow::rollback ? rollback : run;
  }
};

/// `wanted` cases, spread evenly over flows, kinds and messages, half of them at a COMMIT. The same
/// seed gives the same ones.
std::vector<FaultCase> sample(const Script& script, const std::vector<FaultKind>& kinds, int wanted,
                              std::uint64_t seed);

/// Every message that contains this, with every flow and kind.
std::vector<FaultCase> all_at(const Script& script, const std::vector<FaultKind>& kinds,
                              const std::string& containing);

}  // namespace test
