#include "report/operator.h"

#include <fmt/format.h>

#include "base/redactor.h"
#include "base/text.h"
#include "report/layout.h"

namespace engine::report {
namespace {

using runner::Ask;

std::string usage_of(const Ask& ask) {
  switch (ask.kind) {
    case Ask::Kind::confirm:
      return " [yes/no]";
    case Ask::Kind::manual:
      return " [done/failed/skip/later]";
    case Ask::Kind::choice:
      return fmt::format(" [{}]", text::joined(ask.choices, "/"));
    case Ask::Kind::text:
    case Ask::Kind::secret:
      return "";
  }
  return "";
}

/// The one of `words` that `typed` begins, so that "y" is yes; nothing where none or several are.
std::optional<std::string> completed(const std::string& typed,
                                     const std::vector<std::string>& words) {
  const std::string wanted = text::lower(typed);
  std::optional<std::string> found;
  for (const std::string& word : words) {
    const std::string known = text::lower(word);
    if (known == wanted) return word;
    if (!known.starts_with(wanted)) continue;
    if (found) return std::nullopt;
    found = word;
  }
  return found;
}

std::optional<std::string> accepted(const Ask& ask, const std::string& typed) {
  switch (ask.kind) {
    case Ask::Kind::confirm:
      return completed(typed, {"yes", "no"});
    case Ask::Kind::manual:
      return completed(typed, {"done", "failed", "skip", "later"});
    case Ask::Kind::choice:
      return completed(typed, ask.choices);
    case Ask::Kind::text:
    case Ask::Kind::secret:
      return typed;
  }
  return std::nullopt;
}

}  // namespace

std::optional<runner::Reply> Operator::known(const Ask& ask) {
  if (auto given = answers_.find(ask)) return given;
  if (console_.present()) return std::nullopt;  // a person is asked, with the default offered
  // A confirm has no default: unattended never means yes.
  if (ask.preset && ask.kind != Ask::Kind::confirm) return runner::Reply{*ask.preset, "default"};
  return std::nullopt;
}

std::optional<runner::Reply> Operator::ask(const Ask& ask) {
  if (auto given = answers_.find(ask)) return given;
  if (console_.present()) return prompt(ask);
  return known(ask);
}

std::optional<runner::Reply> Operator::prompt(const Ask& ask) {
  const bool secret = ask.kind == Ask::Kind::secret;
  std::string question = shown(ask.text) + usage_of(ask);
  if (ask.preset && !secret) question += fmt::format(" ({})", shown_on_one_line(*ask.preset));
  question += " ";
  for (;;) {
    const auto line = console_.ask(question, !secret);
    if (!line) {  // end of input refuses
      if (ask.kind == Ask::Kind::confirm) return runner::Reply{"no", "prompt"};
      return std::nullopt;
    }
    const std::string typed = secret ? *line : text::trimmed(*line);
    if (typed.empty()) {
      if (ask.preset) return runner::Reply{*ask.preset, "default"};
      if (ask.kind == Ask::Kind::text) return runner::Reply{"", "prompt"};
    } else if (const auto answer = accepted(ask, typed)) {
      if (secret) redactor::add_secret(*answer);
      return runner::Reply{*answer, "prompt"};
    }
    console_.say(secret ? "a value is wanted\n" : fmt::format("please answer{}\n", usage_of(ask)));
  }
}

}  // namespace engine::report
