// Nothing is done twice where the engine or its connection ends after a step's COMMIT.
#include "faults/commit_sweep.h"
#include "support/catch.h"

using namespace test;

TEST_CASE("an engine killed after a COMMIT does nothing twice") {
  sweep_commits(Fault::Action::kill, Fault::When::after_reply, 1);
}

TEST_CASE("an engine whose connection is cut after a COMMIT does nothing twice") {
  sweep_commits(Fault::Action::cut, Fault::When::after_reply, 4);
}
