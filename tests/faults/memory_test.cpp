// What a run was told and keeps, struck at any message.
#include "faults/fault_sweep.h"
#include "support/catch.h"

using namespace test;

TEST_CASE("state of a step that committed is there for the next one and for its rollback") {
  sweep("state", {Subject::small("memory")}, 32);
}

TEST_CASE("what a run was told stays told") { sweep("questions", {Subject::small("asked")}, 32); }
