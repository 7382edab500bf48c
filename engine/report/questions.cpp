#include "report/questions.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace engine::report {
namespace {

using json = nlohmann::ordered_json;
using plan::InputType;

std::string_view name_of(InputType type) {
  switch (type) {
    case InputType::boolean:
      return "true or false";
    case InputType::integer:
      return "a whole number";
    case InputType::number:
      return "a number";
    case InputType::text:
      return "text";
    case InputType::date:
      return "a date, 2025-07-01";
    case InputType::interval:
      return "an interval, \"3 days\"";
    case InputType::choice:
      return "one of";
    case InputType::secret:
      return "a secret: protect this file from other readers";
  }
  return "";
}

json value_of(const plan::Input& input) {
  if (!input.preset) return nullptr;
  switch (input.type) {
    case InputType::boolean:
      return *input.preset == "true";
    case InputType::integer:
    case InputType::number: {
      json number = json::parse(*input.preset, nullptr, false);
      return number.is_number() ? number : json(*input.preset);
    }
    case InputType::text:
    case InputType::date:
    case InputType::interval:
    case InputType::choice:
    case InputType::secret:
      return *input.preset;
  }
  return nullptr;
}

void add_inputs(const std::vector<plan::Input>& inputs, json& questions, json& answers) {
  for (const plan::Input& input : inputs) {
    std::string wanted{name_of(input.type)};
    if (input.type == InputType::choice) wanted += " " + text::listed(input.choices, "or");
    if (input.when) wanted += "; asked only if its condition holds";
    if (input.at_rollback) wanted += "; asked before a rollback";
    questions[input.name] =
        fmt::format("{} ({})", input.ask.empty() ? input.name : input.ask, wanted);
    answers[input.name] = value_of(input);
  }
}

std::string answers_of(const event::Ask& ask) {
  switch (ask.kind) {
    case event::Ask::Kind::confirm:
      return "yes or no";
    case event::Ask::Kind::choice:
      return ask.choices.empty() ? "one of its choices"
                                 : "one of " + text::listed(ask.choices, "or");
    case event::Ask::Kind::secret:
      return std::string{name_of(InputType::secret)};
    case event::Ask::Kind::text:
    case event::Ask::Kind::manual:
      break;
  }
  return "text";
}

/// What a step asks when it comes to it.
void add_asked(const AskedInPlan& asked, json& questions, json& answers) {
  const event::Ask& ask = asked.ask;
  if (ask.name.empty()) {
    questions["_" + asked.place] = "The plan computes this question: its name is not known here.";
    return;
  }
  questions[ask.name] = fmt::format("{} ({}; asked at {})", ask.text.empty() ? ask.name : ask.text,
                                    answers_of(ask), asked.place);
  const bool preset = ask.preset && ask.kind != event::Ask::Kind::confirm;
  answers[ask.name] = preset ? json(*ask.preset) : json(nullptr);
}

}  // namespace

std::string answers_to_fill_in(const plan::Plan& plan, const std::vector<AskedInPlan>& asked) {
  json questions = json::object();
  json answers = json::object();
  const auto confirm = [&](const std::string& id, const std::string& what) {
    questions[id] = fmt::format("{} (yes or no)", what);
    answers[id] = nullptr;
  };
  confirm("run", fmt::format("Run the steps of \"{}\" on the target?", plan.title));
  add_inputs(plan.inputs, questions, answers);
  for (const plan::Step& step : plan.steps) {
    if (step.confirm) confirm(step.id, fmt::format("Run \"{}\"?", step.title));
    const auto* undo = std::get_if<plan::Undo>(&step.rollback);
    if (undo != nullptr && undo->confirm)
      confirm(step.id + ":rollback", fmt::format("Undo \"{}\"?", step.title));
    if (step.kind != plan::StepKind::manual) continue;
    const std::string& text = step.ask.empty() ? step.why : step.ask;
    questions[step.id] =
        fmt::format("{} (done, failed, skip or later)", text.empty() ? step.title : text);
    answers[step.id] = nullptr;
  }
  for (const AskedInPlan& each : asked) add_asked(each, questions, answers);
  confirm("rollback", fmt::format("Undo the steps of \"{}\" on the target?", plan.title));
  for (const plan::Task& task : plan.tasks) {
    if (task.confirm) confirm(task.id, fmt::format("Run task \"{}\"?", task.title));
    add_inputs(task.inputs, questions, answers);
  }
  json whole = json::object();
  whole["_questions"] = std::move(questions);
  whole.update(answers);
  return whole.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace engine::report
