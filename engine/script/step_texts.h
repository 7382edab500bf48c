// The steps of a plan's text, found without running it: a text from a journal is not executed only
// to be looked at.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace engine::script {

struct StepText {
  std::string title;
  int line = 0;      // of its word, from 1
  std::string text;  // its lines, whole
};

struct StepTexts {
  std::vector<StepText> steps;  // steps, manual steps, standing checks and tests, as they stand
  std::string rest;             // the lines that belong to none of them

  /// nullptr where none has this title; of several with one title the first.
  const StepText* find(const std::string& title) const;
};

/// Never throws. A title that the plan computes is not seen.
StepTexts step_texts(std::string_view source);

}  // namespace engine::script
