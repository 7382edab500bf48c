// Inputs: what the operator supplies.
#include <algorithm>
#include <cctype>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <set>

#include "base/text.h"
#include "script/lua.h"
#include "script/plan_reader.h"
#include "script/values.h"

namespace engine::script {
namespace {

const std::vector<std::pair<std::string, plan::InputType>> types{
    {"boolean", plan::InputType::boolean}, {"integer", plan::InputType::integer},
    {"number", plan::InputType::number},   {"text", plan::InputType::text},
    {"date", plan::InputType::date},       {"interval", plan::InputType::interval},
    {"choice", plan::InputType::choice},   {"secret", plan::InputType::secret}};

std::vector<std::string> type_names() {
  std::vector<std::string> names;
  for (const auto& [name, type] : types) names.push_back(name);
  return names;
}

bool is_input_name(const std::string& name) {
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
         });
}

bool is_date(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int end = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &end) != 3) return false;
  return end == 10 && text.size() == 10 &&
         std::chrono::year_month_day{std::chrono::year{year}, std::chrono::month{month},
                                     std::chrono::day{day}}
             .ok();
}

const char* expected_default(plan::InputType type) {
  switch (type) {
    case plan::InputType::boolean:
      return "true or false";
    case plan::InputType::integer:
      return "a whole number";
    case plan::InputType::number:
      return "a number";
    case plan::InputType::date:
      return "a date: \"2025-07-31\"";
    case plan::InputType::choice:
      return "one of the choices";
    case plan::InputType::text:
    case plan::InputType::interval:
    case plan::InputType::secret:
      return "a string";
  }
  return "a string";
}

bool fits(lua_State* lua, int index, const plan::Input& input) {
  const int type = lua_type(lua, index);
  const std::string text = type == LUA_TSTRING ? lua_tostring(lua, index) : "";
  switch (input.type) {
    case plan::InputType::boolean:
      return type == LUA_TBOOLEAN;
    case plan::InputType::integer:
      return type == LUA_TNUMBER &&
             lua_tonumber(lua, index) == std::floor(lua_tonumber(lua, index));
    case plan::InputType::number:
      return type == LUA_TNUMBER;
    case plan::InputType::date:
      return is_date(text);
    case plan::InputType::choice:
      return std::find(input.choices.begin(), input.choices.end(), text) != input.choices.end();
    case plan::InputType::text:
    case plan::InputType::interval:
    case plan::InputType::secret:
      return type == LUA_TSTRING;
  }
  return false;
}

}  // namespace

std::vector<plan::Input> PlanReader::read_inputs(TableShape& shape) {
  std::vector<plan::Input> inputs;
  shape.with("inputs", [&](int index, const Place& place) {
    if (!lua_istable(lua_, index)) return shape.wrong("inputs", "a table");
    TableShape table{lua_, index, place, problems_};
    table.allow_no_items();
    table.each_key([&](const std::string& name, int value, const Place& at) {
      if (!is_input_name(name))
        table.problem(at, fmt::format("input \"{}\" may contain only letters, digits and _", name));
      if (!lua_istable(lua_, value)) {
        table.problem(at,
                      fmt::format("input {} must be a table, not {}", name, kind_of(lua_, value)),
                      fmt::format("Write {} = {{ type = \"text\", ask = \"…?\" }}.", name));
        return;
      }
      TableShape input{lua_, value, {"input " + name, at.at, at.source}, problems_};
      inputs.push_back(read_input(name, input));
    });
  });
  return inputs;
}

plan::Input PlanReader::read_input(const std::string& name, TableShape& shape) {
  shape.allow({"type", "default", "ask", "choices", "when", "at"});
  shape.allow_no_items();
  plan::Input input;
  input.name = name;
  input.at = shape.place().at;
  const std::string type = shape.text("type");
  const auto known = std::find_if(types.begin(), types.end(),
                                  [&](const auto& entry) { return entry.first == type; });
  if (known != types.end()) {
    input.type = known->second;
  } else if (type.empty()) {
    shape.problem(shape.place(), fmt::format("input {} has no type", name),
                  fmt::format("Use {}.", text::listed(type_names(), "or")));
  } else {
    shape.problem(shape.place_of("type"),
                  fmt::format("input {} has the unknown type \"{}\"{}", name, type,
                              text::did_you_mean(type, type_names())),
                  fmt::format("Use {}.", text::listed(type_names(), "or")));
  }
  input.choices = shape.texts("choices");
  const bool is_choice = input.type == plan::InputType::choice;
  if (is_choice && input.choices.empty())
    shape.problem(shape.place(), fmt::format("input {} has no choices", name),
                  "Write choices = { \"first\", \"second\" }.");
  if (!is_choice && shape.has("choices") && known != types.end())
    shape.problem(shape.place_of("choices"),
                  fmt::format("input {} has choices, but its type is {}", name, type),
                  "Write type = \"choice\".");
  input.ask = shape.has("ask") ? shape.text("ask") : name + "?";
  if (known != types.end()) read_default(shape, input);
  if (const plan::Predicate when = predicate(shape, "when"))
    input.when = [when] { return when().holds; };
  const std::string at = shape.text("at");
  input.at_rollback = at == "rollback";
  if (!at.empty() && !input.at_rollback)
    shape.problem(
        shape.place_of("at"), fmt::format("input {} is asked at \"{}\"", name, at),
        "Omit at to ask before the run, or write at = \"rollback\" to ask before the rollback.");
  return input;
}

void PlanReader::read_default(TableShape& shape, plan::Input& input) {
  shape.with("default", [&](int index, const Place& place) {
    if (input.type == plan::InputType::secret) {
      shape.problem(place, fmt::format("input {} is a secret and has a default", input.name),
                    "A plan must not contain a secret. Remove the default.");
    } else if (fits(lua_, index, input)) {
      input.preset = param_at(lua_, index, place.what);
    } else {
      shape.problem(place, fmt::format("default of input {} must be {}, not {}", input.name,
                                       expected_default(input.type),
                                       lua_type(lua_, index) == LUA_TSTRING
                                           ? fmt::format("\"{}\"", lua_tostring(lua_, index))
                                           : kind_of(lua_, index)));
    }
  });
}

void PlanReader::check_input_uses(const plan::Plan& plan) {
  std::vector<std::string> known;
  for (const plan::Input& input : plan.inputs) known.push_back(input.name);
  for (const plan::Task& task : plan.tasks)
    for (const plan::Input& input : task.inputs) known.push_back(input.name);
  for (const auto& [name, chunk] : state_->sources().chunks()) {
    if (!chunk.plan) continue;
    for (const GlobalUse& use : chunk.outline.globals) {
      if (use.name != "input" || use.field.empty()) continue;
      if (std::find(known.begin(), known.end(), use.field) != known.end()) continue;
      problems_.add({chunk.file, use.line}, fmt::format("the plan has no input \"{}\"{}", use.field,
                                                        text::did_you_mean(use.field, known)));
    }
  }
}

}  // namespace engine::script
