// Snapshot, restore, retire, unretire and copy, struck at any message.
#include "faults/fault_sweep.h"
#include "support/catch.h"

using namespace test;

TEST_CASE("backups are taken once, and bring back what was there") {
  sweep("backups", {Subject::small("backups")}, 32);
}
