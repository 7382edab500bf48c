#include "faults/fault_sweep.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "support/catch.h"

namespace test {
namespace {

constexpr std::uint64_t fixed_seed = 8;
constexpr std::size_t shown = 5;  // failures in full

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::stoull(text);
}

}  // namespace

std::uint64_t seed_of_sweep() { return number_from("ENGINE_FAULT_SEED", fixed_seed); }

void Figures::report(const std::string& name, std::uint64_t seed, double seconds) const {
  std::string kinds;
  for (const auto& [kind, count] : by_kind) kinds += fmt::format(", {} {}", kind, count);
  fmt::print("faults, {}: {} cases, {} failures, seed {}, {:.0f} s{}\n", name, cases,
             failures.size(), seed, seconds, kinds);
  std::map<std::string, int> figures{{"cases", cases},
                                     {"failures", static_cast<int>(failures.size())}};
  for (const auto& [kind, count] : by_kind) figures["kind: " + kind] = count;
  keep_figures("sweep " + name, figures);
}

void keep_figures(const std::string& name, const std::map<std::string, int>& figures) {
  engine::file::make_folder(FIGURES_FOLDER);
  engine::file::write(FIGURES_FOLDER "/" + name + ".json", nlohmann::json(figures).dump(2) + "\n");
}

void sweep(const std::string& name, const std::vector<Subject>& subjects, int cases,
           const std::vector<FaultKind>& kinds) {
  const auto start = std::chrono::steady_clock::now();
  const std::uint64_t seed = seed_of_sweep();
  const int wanted =
      static_cast<int>(number_from("ENGINE_FAULT_CASES", static_cast<std::uint64_t>(cases)));
  Figures figures;
  for (const Subject& subject : subjects) {
    Trial trial{subject};
    for (const FaultCase& fault_case : sample(trial.script(), kinds, wanted, seed)) {
      const auto outcome = trial.outcome_of(fault_case);
      if (!outcome) continue;
      ++figures.cases;
      ++figures.by_kind[name_of(fault_case.kind)];
      if (outcome->empty()) continue;
      figures.failures.push_back(*outcome);
      if (figures.failures.size() <= shown) fmt::print("{}\n", *outcome);
    }
  }
  figures.report(name, seed,
                 std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  CHECK(figures.cases >= wanted);
  CHECK(figures.failures.empty());
}

}  // namespace test
