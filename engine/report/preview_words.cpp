#include "report/preview_words.h"

namespace engine::report {

std::pair<std::string_view, std::string_view> verdict_words(std::string_view result) {
  if (result == "blocked") return {"BLOCKED", "not to be run as it is"};
  if (result == "attention") return {"ATTENTION", "decide what is below"};
  if (result == "clean") return {"CLEAN", "nothing was found"};
  return {};
}

std::string claim(const runner::Proof& proof) {
  std::string words = proof.of == "second_run" ? "A second run changes nothing"
                      : proof.of == "rollback" ? "The rollback restores what was there"
                                               : "After the rollback the plan runs again";
  // What came before a step that cannot be undone is not promised back.
  if (!proof.kept.empty()) words = "What came after is rolled back as it was; " + proof.kept;
  if (!proof.choice.empty()) words += " (" + proof.choice + ")";
  return words;
}

}  // namespace engine::report
