#include "runner/inputs.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/redactor.h"
#include "base/text.h"
#include "runner/input_value.h"

namespace engine::runner {

std::string to_json(const Values& values) { return nlohmann::json(values).dump(); }

Values values_of(const std::string& json) {
  Values values;
  const nlohmann::json object = nlohmann::json::parse(json.empty() ? "{}" : json);
  for (const auto& [name, value] : object.items()) {
    values[name] = value.is_string() ? value.get<std::string>() : value.dump();
  }
  return values;
}

Ask ask_of(const Input& input) {
  Ask ask{
      input.name, input.ask.empty() ? input.name : input.ask, Ask::Kind::text, input.choices, {}};
  switch (input.type) {
    case InputType::boolean:
      ask.kind = Ask::Kind::choice;
      ask.choices = {"yes", "no"};
      break;
    case InputType::choice:
      ask.kind = Ask::Kind::choice;
      break;
    case InputType::secret:
      ask.kind = Ask::Kind::secret;
      break;
    case InputType::integer:
    case InputType::number:
    case InputType::text:
    case InputType::date:
    case InputType::interval:
      break;
  }
  return ask;
}

Inputs::Inputs(const std::vector<Input>& declared, Questions& questions)
    : declared_(declared), questions_(questions) {}

void Inputs::recall(const Values& kept) {
  for (const Input& input : declared_) {
    const auto found = kept.find(input.name);
    if (found == kept.end()) {
      if (input.type == InputType::secret) recall_secret(input);
      continue;
    }
    values_[input.name] = found->second;
  }
}

void Inputs::refuse_other_answers() const {
  for (const Input& input : declared_) {
    const auto recalled = values_.find(input.name);
    if (recalled == values_.end() || input.type == InputType::secret) continue;
    const std::optional<Reply> reply = questions_.known(ask_of(input));
    if (!reply) continue;
    const std::string given = canonical_value(input, reply->answer);
    if (given == recalled->second) continue;
    throw Error{Code::edited, "input {} is {} now, but this run began with {}", input.name, given,
                recalled->second}
        .hint("Leave it out to go on with the run, or roll back first.");
  }
}

// The journal never has it: what is given again now is what there is.
void Inputs::recall_secret(const Input& input) {
  const std::optional<Reply> reply = questions_.known(ask_of(input));
  if (!reply) return;
  redactor::add_secret(reply->answer);
  values_[input.name] = reply->answer;
}

std::optional<std::string> Inputs::obtain(const Input& input) {
  Ask ask = ask_of(input);
  std::optional<Reply> reply = questions_.known(ask);
  if (!reply && input.preset &&
      (!questions_.interactive() || questions_.assume_yes() || input.ask.empty())) {
    reply = Reply{*input.preset, "default"};
  }
  if (reply) {
    reply->answer = canonical_value(input, reply->answer);
    questions_.tell(ask, *reply);
    return reply->answer;
  }
  if (!questions_.interactive()) return std::nullopt;
  ask.problem = [&input](const std::string& typed) -> std::string {
    try {
      canonical_value(input, typed);
      return "";
    } catch (const Error& error) {
      return error.message();
    }
  };
  ask.preset = input.preset;
  if (input.preset && input.type == InputType::boolean)
    ask.preset = *as_boolean(*input.preset) ? "yes" : "no";
  return canonical_value(input, questions_.answer(ask));
}

std::vector<Missing> Inputs::resolve(
    const std::function<bool(const Input&)>& wanted,
    const std::function<bool(const std::function<bool()>&)>& evaluate) {
  std::vector<Missing> missing;
  for (const Input& input : declared_) {
    if (values_.count(input.name) > 0 || !wanted(input)) continue;
    if (input.when && !evaluate(input.when)) continue;
    if (std::optional<std::string> value = obtain(input)) {
      if (input.type == InputType::secret) redactor::add_secret(*value);
      values_[input.name] = std::move(*value);
    } else {
      missing.push_back({"--set " + input.name + "=VALUE", ask_of(input).text});
    }
  }
  return missing;
}

const Input& Inputs::declaration(const std::string& name) const {
  std::vector<std::string> names;
  for (const Input& input : declared_) {
    if (input.name == name) return input;
    names.push_back(input.name);
  }
  throw Error{Code::argument, "there is no input {}{}", name, text::did_you_mean(name, names)};
}

std::optional<std::string> Inputs::value(const std::string& name) const {
  declaration(name);
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

Values Inputs::kept() const {
  Values kept = values_;
  for (const Input& input : declared_) {
    if (input.type == InputType::secret) kept.erase(input.name);
  }
  return kept;
}

std::optional<std::string> Inputs::changed(const std::string& recorded) const {
  const Values before = values_of(recorded);
  Values now = before;
  for (auto& [name, value] : kept()) now.insert_or_assign(name, value);
  if (now == before) return std::nullopt;
  return to_json(now);
}

}  // namespace engine::runner
