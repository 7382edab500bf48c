// The project's own plans, struck at any message.
#include "faults/fault_sweep.h"
#include "support/catch.h"

using namespace test;

TEST_CASE("the plans come to their end, and back, whatever message is struck") {
  std::vector<Subject> subjects;
  for (const char* name : {"assistant_platform", "conversation_personas", "director_sessions",
                           "esquisse_multisession", "session_tracking"}) {
    subjects.push_back(Subject::example(name));
  }
  sweep("plans", subjects, 10);
}
