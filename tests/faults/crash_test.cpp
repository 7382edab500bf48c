// One process of the server is killed: all of its sessions end, and it recovers.
#include "faults/fault_sweep.h"
#include "support/catch.h"
#include "support/server.h"

using namespace test;

TEST_CASE("a server that crashes beneath the engine costs no step that committed") {
  const Server server;
  std::vector<Subject> subjects;
  for (const char* name : {"one", "outside", "atomic", "backups"})
    subjects.push_back(Subject::small(name, server.socket()));
  sweep("server crash", subjects, 6, {FaultKind::crash_before, FaultKind::crash_after});
}
