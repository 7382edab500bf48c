#include "preview/chooser.h"

namespace engine::preview {
namespace {

using event::Ask;
using event::Reply;

// "no" to a confirm ends the rollback there, and undoes nothing: there is nothing to try.
std::vector<std::string> choices_of(const Ask& ask) {
  return ask.kind == Ask::Kind::choice ? ask.choices : std::vector<std::string>{};
}

}  // namespace

Reply Chooser::settle(const Ask& ask) {
  const std::vector<std::string> choices = choices_of(ask);
  if (const auto found = forced_.find(ask.name); found != forced_.end())
    return {found->second, "default"};
  if (const auto answer = answers_.known(ask)) return *answer;
  for (const plan::Input& input : plan_.inputs) {
    if (input.name != ask.name || !input.preset) continue;
    const bool boolean = input.type == plan::InputType::boolean;
    const std::string& preset = *input.preset;
    return {!boolean ? preset : preset == "true" ? "yes" : "no", "default"};
  }
  if (ask.preset) return {*ask.preset, "default"};
  return {choices.front(), "default"};
}

std::map<std::string, std::string> Chooser::answers() const {
  if (!forced_.empty()) return forced_;
  std::map<std::string, std::string> answers;
  for (const auto& [name, question] : asked_) answers[name] = question.answer;
  return answers;
}

std::optional<Reply> Chooser::known(const Ask& ask) {
  const std::vector<std::string> choices = choices_of(ask);
  if (choices.empty()) return answers_.known(ask);
  const Reply reply = settle(ask);
  asked_.try_emplace(ask.name, Question{choices, reply.answer});
  return reply;
}

std::optional<Reply> Chooser::ask(const Ask& ask) {
  return choices_of(ask).empty() ? answers_.ask(ask) : known(ask);
}

}  // namespace engine::preview
