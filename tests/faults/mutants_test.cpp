// The sweep finds what it is there for: engines with one seeded defect each (mutants/), each found.
#include <fmt/format.h>

#include "faults/fault_sweep.h"
#include "support/catch.h"

using namespace test;

namespace {

struct Mutant {
  const char* name;
  const char* plan;  // of tests/faults/plans/
  std::vector<FaultKind> kinds;
  const char* containing = "E COMMIT";  // the messages that are struck
};

const Mutant mutants[] = {
    {"journal_apart", "one", {FaultKind::kill_before}},
    {"epoch_ignored", "one", {FaultKind::taken_over}},
    {"state_forgotten", "memory", {FaultKind::kill_after_reply}},
    {"intent_unrecorded", "outside", {FaultKind::kill_after}, "E CREATE INDEX CONCURRENTLY"},
    {"invalid_taken", "outside", {FaultKind::kill_waiting}, "CONCURRENTLY"},
    {"commit_guessed", "one", {FaultKind::cut_after_reply}},
    {"checks_late", "one", {FaultKind::kill_after_reply}},
    {"inputs_again", "asked", {FaultKind::kill_after_reply}},
    {"rollback_early", "one", {FaultKind::kill_before, FaultKind::kill_after_reply}},
};

// The first case that shows the defect.
int cases_until_found(const Mutant& mutant) {
  Trial trial{Subject::small(mutant.plan),
              fmt::format("{}/engine_mutant_{}", MUTANT_FOLDER, mutant.name)};
  int cases = 0;
  for (const FaultCase& fault_case : all_at(trial.script(), mutant.kinds, mutant.containing)) {
    const auto outcome = trial.outcome_of(fault_case);
    if (!outcome) continue;
    ++cases;
    if (outcome->empty()) continue;
    fmt::print("mutant {}: found by case {}: {}\n", mutant.name, cases,
               outcome->substr(0, outcome->find('\n')));
    return cases;
  }
  return 0;
}

}  // namespace

TEST_CASE("each seeded defect is found by the sweep") {
  int found = 0;
  for (const Mutant& mutant : mutants) {
    INFO(mutant.name);
    const int cases = cases_until_found(mutant);
    CHECK(cases > 0);
    if (cases > 0) ++found;
  }
  keep_figures("mutants", {{"mutants", static_cast<int>(std::size(mutants))}, {"found", found}});
}
