// Nothing is half done, and nothing done twice, wherever the engine is killed.
#include "scenarios/sweep.h"
#include "support/catch.h"

using namespace test;

TEST_CASE("an engine killed before a COMMIT leaves the step undone, and goes on when run again") {
  sweep(Fault::Action::kill, Fault::When::before, 3);
}

TEST_CASE("an engine killed while a COMMIT is under way finds out what became of it") {
  sweep(Fault::Action::kill, Fault::When::after, 1);
}

TEST_CASE("an engine killed after a COMMIT does nothing twice") {
  sweep(Fault::Action::kill, Fault::When::after_reply, 3);
}
