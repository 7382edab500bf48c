#include "runner/command/kept_texts.h"

#include "base/error.h"

namespace engine::runner {

std::optional<KeptStep> find_as_run(const plan::Plan& plan, const journal::StepRow& row) {
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    if (plan.steps[i].id == row.step && plan.steps[i].checksum == row.checksum)
      return KeptStep{&plan, i};
  }
  return std::nullopt;
}

std::optional<KeptStep> KeptTexts::find(const journal::StepRow& row) {
  for (std::size_t at = 0;; ++at) {
    while (at == plans_.size() && loaded_ < sources_.size()) load_next();
    if (at == plans_.size()) return std::nullopt;
    if (const auto found = find_as_run(plans_[at], row)) return found;
  }
}

// A text that needs a module which has gone since does not load; another one may have the step.
void KeptTexts::load_next() {
  try {
    plans_.push_back(reload_(sources_[loaded_++]));
  } catch (const Error& error) {
    problems_ += (problems_.empty() ? "" : "\n") + error.message();
  }
}

}  // namespace engine::runner
