// The sweep: sampled cases of several plans, and the figures that come of it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "faults/trial.h"

namespace test {

struct Figures {
  int cases = 0;
  std::vector<std::string> failures;
  std::map<std::string, int> by_kind;

  void report(const std::string& name, std::uint64_t seed, double seconds) const;
};

/// What a test prints of itself, kept below the build folder for docs/reliability.md.
void keep_figures(const std::string& name, const std::map<std::string, int>& figures);

/// ENGINE_FAULT_SEED, or a fixed one.
std::uint64_t seed_of_sweep();

/// `cases` of each subject, or ENGINE_FAULT_CASES of each where that is set. A failure fails the
/// test; all are printed.
void sweep(const std::string& name, const std::vector<Subject>& subjects, int cases,
           const std::vector<FaultKind>& kinds = kinds_on_any_server());

}  // namespace test
