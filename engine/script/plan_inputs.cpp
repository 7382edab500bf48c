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

const std::vector<std::pair<std::string, runner::InputType>> types{
    {"boolean", runner::InputType::boolean}, {"integer", runner::InputType::integer},
    {"number", runner::InputType::number},   {"text", runner::InputType::text},
    {"date", runner::InputType::date},       {"interval", runner::InputType::interval},
    {"choice", runner::InputType::choice},   {"secret", runner::InputType::secret}};

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

const char* expected_default(runner::InputType type) {
  switch (type) {
    case runner::InputType::boolean:
      return "true or false";
    case runner::InputType::integer:
      return "a whole number";
    case runner::InputType::number:
      return "a number";
    case runner::InputType::date:
      return "a date: \"2025-07-31\"";
    case runner::InputType::choice:
      return "one of the choices";
    case runner::InputType::text:
    case runner::InputType::interval:
    case runner::InputType::secret:
      return "a text";
  }
  return "a text";
}

bool fits(lua_State* lua, int index, const runner::Input& input) {
  const int type = lua_type(lua, index);
  const std::string text = type == LUA_TSTRING ? lua_tostring(lua, index) : "";
  switch (input.type) {
    case runner::InputType::boolean:
      return type == LUA_TBOOLEAN;
    case runner::InputType::integer:
      return type == LUA_TNUMBER &&
             lua_tonumber(lua, index) == std::floor(lua_tonumber(lua, index));
    case runner::InputType::number:
      return type == LUA_TNUMBER;
    case runner::InputType::date:
      return is_date(text);
    case runner::InputType::choice:
      return std::find(input.choices.begin(), input.choices.end(), text) != input.choices.end();
    case runner::InputType::text:
    case runner::InputType::interval:
    case runner::InputType::secret:
      return type == LUA_TSTRING;
  }
  return false;
}

}  // namespace

std::vector<runner::Input> PlanReader::read_inputs(TableShape& shape) {
  std::vector<runner::Input> inputs;
  shape.with("inputs", [&](int index, const Place& place) {
    if (!lua_istable(lua_, index)) return shape.wrong("inputs", "a table");
    TableShape table{lua_, index, place, problems_};
    table.allow_no_items();
    table.each_key([&](const std::string& name, int value, const Place& at) {
      if (!is_input_name(name))
        table.problem(
            at, fmt::format("input \"{}\" has other characters than letters, digits and _", name));
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

runner::Input PlanReader::read_input(const std::string& name, TableShape& shape) {
  shape.allow({"type", "default", "ask", "choices", "when", "at"});
  shape.allow_no_items();
  runner::Input input;
  input.name = name;
  input.at = shape.place().at;
  const std::string type = shape.text("type");
  const auto known = std::find_if(types.begin(), types.end(),
                                  [&](const auto& entry) { return entry.first == type; });
  if (known != types.end()) {
    input.type = known->second;
  } else if (type.empty()) {
    shape.problem(shape.place(), fmt::format("input {} has no type", name),
                  fmt::format("It is {}.", text::listed(type_names(), "or")));
  } else {
    shape.problem(shape.place_of("type"),
                  fmt::format("input {} has the unknown type \"{}\"{}", name, type,
                              text::did_you_mean(type, type_names())),
                  fmt::format("It is {}.", text::listed(type_names(), "or")));
  }
  input.choices = shape.texts("choices");
  const bool is_choice = input.type == runner::InputType::choice;
  if (is_choice && input.choices.empty())
    shape.problem(shape.place(), fmt::format("input {} has no choices", name),
                  "Write choices = { \"first\", \"second\" }.");
  if (!is_choice && shape.has("choices") && known != types.end())
    shape.problem(shape.place_of("choices"),
                  fmt::format("input {} has choices and the type {}", name, type),
                  "Write type = \"choice\".");
  input.ask = shape.has("ask") ? shape.text("ask") : name + "?";
  if (known != types.end()) read_default(shape, input);
  if (const runner::Predicate when = predicate(shape, "when"))
    input.when = [when] { return when().holds; };
  const std::string at = shape.text("at");
  input.at_rollback = at == "rollback";
  if (!at.empty() && !input.at_rollback)
    shape.problem(shape.place_of("at"), fmt::format("input {} is asked at \"{}\"", name, at),
                  "It is asked before the run, or with at = \"rollback\" before the rollback.");
  return input;
}

void PlanReader::read_default(TableShape& shape, runner::Input& input) {
  shape.with("default", [&](int index, const Place& place) {
    if (input.type == runner::InputType::secret) {
      shape.problem(place, fmt::format("input {} is a secret and has a default", input.name),
                    "A secret does not stand in a plan.");
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

void PlanReader::check_input_uses(const runner::Plan& plan) {
  std::vector<std::string> known;
  for (const runner::Input& input : plan.inputs) known.push_back(input.name);
  for (const runner::Task& task : plan.tasks)
    for (const runner::Input& input : task.inputs) known.push_back(input.name);
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
