// The plan's texts that the journal keeps of a run: a step is undone by the one that did it.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "journal/records.h"
#include "plan/plan.h"

namespace engine::runner {

struct KeptStep {
  const plan::Plan* plan = nullptr;  // lives as long as KeptTexts
  std::size_t step = 0;
};

/// The step of a plan by its id and the checksum that it was recorded with.
std::optional<KeptStep> find_as_run(const plan::Plan& plan, const journal::StepRow& row);

class KeptTexts {
 public:
  using Reload = std::function<plan::Plan(const journal::PlanText&)>;

  /// `sources` are the texts, the latest first; each is loaded when it is first needed.
  KeptTexts(std::vector<journal::PlanText> sources, Reload reload)
      : sources_(std::move(sources)), reload_(std::move(reload)) {}

  std::optional<KeptStep> find(const journal::StepRow& row);
  /// Why texts could not be loaded, one a line; "" where all could.
  const std::string& problems() const { return problems_; }

 private:
  void load_next();

  std::vector<journal::PlanText> sources_;
  Reload reload_;
  std::size_t loaded_ = 0;
  std::deque<plan::Plan> plans_;  // its elements stay where they are
  std::string problems_;
};

}  // namespace engine::runner
