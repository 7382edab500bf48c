#include "report/operator.h"

#include <fmt/format.h>

#include "base/redactor.h"
#include "base/text.h"
#include "report/layout.h"

namespace engine::report {
namespace {

using event::Ask;

constexpr std::size_t room_for_answer = 8;  // beside the last word of a question

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

std::optional<event::Reply> Operator::known(const Ask& ask) {
  if (auto given = answers_.find(ask)) return given;
  if (console_.present()) return std::nullopt;  // a person is asked, with the default offered
  // A confirm has no default: unattended never means yes.
  if (ask.preset && ask.kind != Ask::Kind::confirm) return event::Reply{*ask.preset, "default"};
  return std::nullopt;
}

std::optional<event::Reply> Operator::ask(const Ask& ask) {
  if (auto given = answers_.find(ask)) return given;
  if (console_.present()) return prompt(ask);
  return known(ask);
}

event::Reply Operator::given(std::string answer, std::string source) {
  console_.answered();
  return {std::move(answer), std::move(source)};
}

std::optional<event::Reply> Operator::prompt(const Ask& ask) {
  const bool secret = ask.kind == Ask::Kind::secret;
  std::string text = shown(ask.text) + usage_of(ask);
  if (ask.preset && !secret) text += fmt::format(" ({})", shown_on_one_line(*ask.preset));
  const auto columns = static_cast<std::size_t>(console_.width());
  const std::string question = text::joined(wrap(text, columns - room_for_answer), "\n") + " ";
  for (;;) {
    const auto line = console_.ask(question, !secret);
    if (!line) {  // end of input refuses
      if (ask.kind == Ask::Kind::confirm) return given("no", "prompt");
      return std::nullopt;
    }
    const std::string typed = secret ? *line : text::trimmed(*line);
    if (typed.empty() && ask.preset) return given(*ask.preset, "default");
    if (!typed.empty() || ask.kind == Ask::Kind::text) {
      const auto answer = accepted(ask, typed);
      const std::string problem = answer && ask.problem ? ask.problem(*answer) : "";
      if (answer && problem.empty()) {
        if (secret) redactor::add_secret(*answer);
        return given(*answer, "prompt");
      }
      if (answer) {
        console_.say(text::joined(wrap(shown(problem), columns), "\n") + "\n");
        continue;
      }
    }
    console_.say(secret ? "a value is required\n"
                        : fmt::format("please answer{}\n", usage_of(ask)));
  }
}

}  // namespace engine::report
