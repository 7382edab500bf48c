// Nothing is half done, and nothing done twice, wherever the connection is cut.
#include "scenarios/sweep.h"
#include "support/catch.h"

using namespace test;

TEST_CASE("an engine whose connection is cut before a COMMIT does the step again") {
  sweep(Fault::Action::cut, Fault::When::before, 4);
}

TEST_CASE("an engine whose connection is cut within a COMMIT finds out what became of it") {
  sweep(Fault::Action::cut, Fault::When::after, 2);
}

TEST_CASE("an engine whose connection is cut after a COMMIT does nothing twice") {
  sweep(Fault::Action::cut, Fault::When::after_reply, 4);
}
