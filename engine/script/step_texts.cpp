#include "script/step_texts.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "script/source_index.h"

namespace engine::script {
namespace {

bool is_step(const Construct& construct) {
  constexpr std::array words{"step", "check", "test", "manual"};
  return construct.end > 0 && !construct.title.empty() &&
         std::find(words.begin(), words.end(), construct.word) != words.end();
}

/// The checks and tests of a step's `verify`, or of a task's, are no steps.
bool is_nested(const Construct& construct, const std::vector<Construct>& all) {
  return std::any_of(all.begin(), all.end(), [&](const Construct& outer) {
    return (is_step(outer) || outer.word == "task") && outer.begin < construct.begin &&
           outer.end >= construct.end;
  });
}

}  // namespace

const StepText* StepTexts::find(const std::string& title) const {
  const auto found = std::find_if(steps.begin(), steps.end(),
                                  [&](const StepText& step) { return step.title == title; });
  return found == steps.end() ? nullptr : &*found;
}

StepTexts step_texts(std::string_view source) {
  const Outline outline = outline_of(source);
  const std::vector<std::string> lines = text::lines(source);
  StepTexts texts;
  std::vector<bool> taken(lines.size());
  for (const Construct& construct : outline.constructs) {
    if (!is_step(construct) || is_nested(construct, outline.constructs)) continue;
    const auto first = static_cast<std::size_t>(construct.line - 1);
    const auto end = static_cast<std::size_t>(outline.tokens[construct.end - 1].last_line);
    StepText step{construct.title, construct.line, {}};
    for (std::size_t i = first; i < std::min(end, lines.size()); ++i) {
      step.text += lines[i] + "\n";
      taken[i] = true;
    }
    texts.steps.push_back(std::move(step));
  }
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (!taken[i]) texts.rest += lines[i] + "\n";
  return texts;
}

}  // namespace engine::script
