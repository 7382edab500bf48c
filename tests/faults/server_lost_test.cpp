// The server goes away beneath the engine, all of its processes killed, or told to stop at once.
// When it is back it has what had committed; the journal says so, and the run goes on from there.
#include <chrono>
#include <csignal>
#include <thread>

#include "faults/commit_sweep.h"
#include "faults/disturbed.h"
#include "support/catch.h"
#include "support/server.h"

using namespace test;
using namespace std::chrono_literals;

namespace {

const Server& server() {
  static const Server only;
  return only;
}

// Ends the server at the first Execute that contains this, then at the one `every` further on, and
// so on; it is back a moment later.
void sweep_ending(void (Server::*end)() const, Fault::When when, const std::string& containing,
                  int every) {
  std::thread restart;
  const auto called = [&] {
    (server().*end)();
    restart = std::thread{[] {
      std::this_thread::sleep_for(100ms);
      server().start_again();
    }};
  };
  sweep_commits(server().socket(), {Fault::Action::call, when, 'E', containing, 1, called}, every,
                [&] { restart.join(); });
}

}  // namespace

TEST_CASE("a server killed while it works on a statement costs the step, and no more") {
  sweep_ending(&Server::kill, Fault::When::after, "", 150);
}

TEST_CASE("a server killed during a COMMIT leaves a step that is done, or is not") {
  sweep_ending(&Server::kill, Fault::When::after, "COMMIT", 9);
}

TEST_CASE("a server stopped after a COMMIT has the step and its journal row") {
  sweep_ending(&Server::halt, Fault::When::after_reply, "COMMIT", 11);
}
