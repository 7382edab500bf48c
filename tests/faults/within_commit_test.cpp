// The journal decides what became of a COMMIT whose answer never came.
#include "faults/commit_sweep.h"
#include "support/catch.h"

using namespace test;

TEST_CASE("an engine killed while a COMMIT is under way finds out what became of it") {
  sweep_commits(Fault::Action::kill, Fault::When::after, 1);
}

TEST_CASE("an engine whose connection is cut within a COMMIT finds out what became of it") {
  sweep_commits(Fault::Action::cut, Fault::When::after, 2);
}
