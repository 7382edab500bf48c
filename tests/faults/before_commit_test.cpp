// Nothing is half done where the engine or its connection ends before a step's COMMIT.
#include "faults/commit_sweep.h"
#include "support/catch.h"

using namespace test;

TEST_CASE("an engine killed before a COMMIT leaves the step undone, and goes on when run again") {
  sweep_commits(Fault::Action::kill, Fault::When::before, 1);
}

TEST_CASE("an engine whose connection is cut before a COMMIT does the step again") {
  sweep_commits(Fault::Action::cut, Fault::When::before, 4);
}
