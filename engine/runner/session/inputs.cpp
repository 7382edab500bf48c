#include "runner/session/inputs.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/redactor.h"
#include "base/text.h"
#include "runner/session/input_value.h"

namespace engine::runner {

namespace {

constexpr const char* from_flag = "flag";
constexpr const char* from_default = "default";
constexpr const char* some_secret = "given";

// What the operator says now. A plan's own default is no answer.
std::optional<event::Reply> given_now(const Questions& questions, const plan::Input& input) {
  std::optional<event::Reply> reply = questions.known(ask_of(input));
  if (reply && reply->source == from_default) reply.reset();
  return reply;
}

}  // namespace

std::string to_json(const KeptInputs& kept) {
  nlohmann::json object = nlohmann::json::object();
  for (const auto& [name, value] : kept.values) {
    object[name] = value ? nlohmann::json(*value) : nlohmann::json(nullptr);
  }
  for (const std::string& name : kept.secrets) object[name] = true;
  return object.dump();
}

KeptInputs kept_inputs_of(const std::string& json) {
  KeptInputs kept;
  const nlohmann::json object = nlohmann::json::parse(json.empty() ? "{}" : json);
  for (const auto& [name, value] : object.items()) {
    if (value.is_null()) {
      kept.values[name] = std::nullopt;
    } else if (value == true) {
      kept.secrets.insert(name);
    } else {
      kept.values[name] = value.is_string() ? value.get<std::string>() : value.dump();
    }
  }
  return kept;
}

event::Ask ask_of(const plan::Input& input) {
  event::Ask ask{input.name,
                 input.ask.empty() ? input.name : input.ask,
                 event::Ask::Kind::text,
                 input.choices,
                 {}};
  switch (input.type) {
    case plan::InputType::boolean:
      ask.kind = event::Ask::Kind::choice;
      ask.choices = {"yes", "no"};
      break;
    case plan::InputType::choice:
      ask.kind = event::Ask::Kind::choice;
      break;
    case plan::InputType::secret:
      ask.kind = event::Ask::Kind::secret;
      break;
    case plan::InputType::integer:
    case plan::InputType::number:
    case plan::InputType::text:
    case plan::InputType::date:
    case plan::InputType::interval:
      break;
  }
  return ask;
}

Inputs::Inputs(const std::vector<plan::Input>& declared, Questions& questions)
    : declared_(declared), questions_(questions) {}

void Inputs::recall(const KeptInputs& kept, const Chosen& complete) {
  for (const plan::Input& input : declared_) {
    const bool secret = input.type == plan::InputType::secret;
    if (const auto found = kept.values.find(input.name); found != kept.values.end()) {
      values_[input.name] = found->second;
    } else if (secret) {
      if (kept.secrets.count(input.name) > 0) secrets_.insert(input.name);
      recall_secret(input);
    } else if (kept.secrets.count(input.name) > 0) {  // it was a secret, or a boolean, then
      values_[input.name] = "true";
    } else if (complete(input)) {
      values_[input.name] = std::nullopt;
    }
  }
}

void Inputs::refuse_other_answers(
    const Chosen& asked,
    const std::function<bool(const std::string&, const std::string&)>& was_given) const {
  for (const plan::Input& input : declared_) {
    const auto recalled = values_.find(input.name);
    if (recalled == values_.end() || !asked(input)) continue;
    const bool secret = input.type == plan::InputType::secret;
    if (secret && recalled->second) continue;
    const std::optional<event::Reply> reply = given_now(questions_, input);
    if (!reply) continue;
    const std::string given = secret ? some_secret : canonical_value(input, reply->answer);
    if (!recalled->second) {
      // An answers file may hold what a command does not ask for.
      if (reply->source != from_flag || was_given(input.name, given)) continue;
      refuse_given(input, given);
    }
    if (given == recalled->second) continue;
    throw Error{Code::edited, "input {} is {} now, but this run started with {}", input.name, given,
                *recalled->second}
        .hint("Omit it to continue the run, or roll back first.");
  }
}

void Inputs::refuse_given(const plan::Input& input, const std::string& given) const {
  throw Error{Code::edited, "input {} is {} now, but this run started without it", input.name,
              given}
      .detail("Its `when` was false when the run started, so the engine did not ask for it.")
      .hint("Omit it to continue the run, or roll back first.");
}

// The journal never has it: what is given again now is what there is.
void Inputs::recall_secret(const plan::Input& input) {
  const std::optional<event::Reply> reply = given_now(questions_, input);
  if (!reply) return;
  redactor::add_secret(reply->answer);
  values_[input.name] = reply->answer;
}

std::optional<std::string> Inputs::obtain(const plan::Input& input) {
  event::Ask ask = ask_of(input);
  std::optional<event::Reply> reply = questions_.known(ask);
  if (!reply && input.preset &&
      (!questions_.interactive() || questions_.assume_yes() || input.ask.empty())) {
    reply = event::Reply{*input.preset, "default"};
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
  if (input.preset && input.type == plan::InputType::boolean)
    ask.preset = *as_boolean(*input.preset) ? "yes" : "no";
  return canonical_value(input, questions_.answer(ask));
}

// A resume tells from this a flag that was there from the beginning from one that is new.
void Inputs::leave_out(const plan::Input& input) {
  values_[input.name] = std::nullopt;
  const std::optional<event::Reply> reply = given_now(questions_, input);
  if (!reply || reply->source != from_flag) return;
  not_asked_[input.name] =
      input.type == plan::InputType::secret ? some_secret : canonical_value(input, reply->answer);
}

std::vector<Missing> Inputs::resolve(
    const Chosen& wanted, const std::function<bool(const std::function<bool()>&)>& evaluate) {
  std::vector<Missing> missing;
  for (const plan::Input& input : declared_) {
    if (values_.count(input.name) > 0 || !wanted(input)) continue;
    // Of a secret that was given, only the value is wanted again.
    const bool decided = secrets_.count(input.name) > 0;
    if (!decided && input.when && !evaluate(input.when)) {
      leave_out(input);
      continue;
    }
    if (std::optional<std::string> value = obtain(input)) {
      if (input.type == plan::InputType::secret) redactor::add_secret(*value);
      values_[input.name] = std::move(*value);
    } else {
      missing.push_back({"--set " + input.name + "=VALUE", ask_of(input).text});
    }
  }
  return missing;
}

const plan::Input& Inputs::declaration(const std::string& name) const {
  std::vector<std::string> names;
  for (const plan::Input& input : declared_) {
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

bool Inputs::is_absent(const std::string& name) const {
  const auto found = values_.find(name);
  return found != values_.end() && !found->second;
}

KeptInputs Inputs::kept() const {
  KeptInputs kept{values_, secrets_};
  for (const plan::Input& input : declared_) {
    if (input.type != plan::InputType::secret) continue;
    const auto found = kept.values.find(input.name);
    if (found == kept.values.end() || !found->second) continue;
    kept.values.erase(found);
    kept.secrets.insert(input.name);
  }
  return kept;
}

std::optional<std::string> Inputs::changed(const std::string& recorded) const {
  const KeptInputs before = kept_inputs_of(recorded);
  KeptInputs now = before;
  const KeptInputs decided = kept();
  for (const auto& [name, value] : decided.values) {
    now.values.insert_or_assign(name, value);
    now.secrets.erase(name);
  }
  for (const std::string& name : decided.secrets) {
    now.secrets.insert(name);
    now.values.erase(name);
  }
  if (now == before) return std::nullopt;
  return to_json(now);
}

}  // namespace engine::runner
