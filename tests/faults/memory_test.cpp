// What a run was told and keeps, struck at any message.
#include "faults/fault_sweep.h"
#include "support/catch.h"

using namespace test;

// May fail as long as an engine that reconnects forgets the state of the step that committed.
TEST_CASE("state of a step that committed is there for the next one and for its rollback",
          "[!mayfail]") {
  sweep("state", {Subject::small("memory")}, 32);
}

// May fail as long as an input with `when` is asked anew on resume.
TEST_CASE("what a run was told stays told", "[!mayfail]") {
  sweep("questions", {Subject::small("asked")}, 32);
}
