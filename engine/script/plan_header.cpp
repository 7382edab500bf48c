// The plan itself: what stands before its steps.
#include <algorithm>
#include <array>
#include <cctype>

#include "base/names.h"
#include "base/text.h"
#include "script/lua.h"
#include "script/placeholder.h"
#include "script/plan_reader.h"

namespace engine::script {
namespace {

bool is_plan_id(const std::string& id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
  });
}

bool is_sqlstate(const std::string& text) {
  return text.size() == 5 && std::all_of(text.begin(), text.end(), [](char c) {
           return std::isdigit(static_cast<unsigned char>(c)) != 0 || (c >= 'A' && c <= 'Z');
         });
}

/// "500ms", "3 s", "5min": digits, perhaps a blank, perhaps a unit.
bool is_duration(const std::string& text) {
  const std::size_t digits = text.find_first_not_of("0123456789");
  if (digits == std::string::npos) return true;
  const std::string unit = text.substr(digits + (text[digits] == ' ' ? 1 : 0));
  constexpr std::array units{"us", "ms", "s", "min", "h", "d"};
  return digits > 0 && std::find(units.begin(), units.end(), unit) != units.end();
}

std::vector<std::string> answers_at_rollback(const std::vector<plan::Input>& inputs) {
  std::vector<std::string> answers;
  for (const plan::Input& input : inputs) {
    if (!input.at_rollback) continue;
    if (input.type == plan::InputType::boolean) {
      for (const char* answer : {"yes", "no"}) answers.push_back(input.name + "=" + answer);
    }
    for (const std::string& choice : input.choices) answers.push_back(input.name + "=" + choice);
  }
  return answers;
}

}  // namespace

void PlanReader::read(int index, plan::Plan& plan) {
  lua_checkstack(lua_, 200);
  if (is_stand_in(lua_, index)) return;
  const auto word = word_at(lua_, index);
  if (const auto unfinished = unfinished_at(lua_, index)) {
    problems_.add(unfinished->at, fmt::format("{} has no table", name_of(*unfinished)),
                  "Write return plan \"Title\" { … }.");
    return;
  }
  if (!word || word->word != "plan") {
    problems_.add({plan.path, 1},
                  fmt::format("the file returns {}, not a plan",
                              word ? name_of(*word) : kind_of(lua_, index)),
                  "End it with return plan \"Title\" { … }.");
    return;
  }
  plan.title = word->title;
  with_body(*word, index, [&](TableShape& shape, const Place& place) {
    read_header(shape, plan);
    if (shape.each_item([&](int item, const Place& at) { read_item(item, at, -1, plan); }) == 0)
      shape.problem(place, fmt::format("{} has no steps", place.what));
  });
  check_identities(plan);
  check_atomic(plan);
  check_input_uses(plan);
}

void PlanReader::read_header(TableShape& shape, plan::Plan& plan) {
  shape.allow({"id", "about", "guide", "fixture", "needs", "inputs", "hints", "support", "next",
               "accept", "search_path", "atomic", "lock_timeout", "statement_timeout", "version"});
  if (shape.has("id")) {
    plan.id = shape.text("id");
    if (!is_plan_id(plan.id))
      shape.problem(shape.place_of("id"),
                    fmt::format("id \"{}\" may contain only letters, digits, _ - .", plan.id));
  }
  plan.about = shape.text("about");
  plan.support = shape.text("support");
  plan.next = shape.text("next");
  plan.search_path = shape.text("search_path");
  plan.version = shape.text("version");
  plan.atomic = shape.boolean("atomic");
  plan.lock_timeout = duration(shape, "lock_timeout");
  plan.statement_timeout = duration(shape, "statement_timeout");
  plan.hints = hints(shape);
  plan.guide = existing_file(shape, "guide");
  plan.fixture = existing_file(shape, "fixture");
  read_needs(shape, plan);
  plan.inputs = read_inputs(shape);
  plan.accept = accepted(shape, answers_at_rollback(plan.inputs));
}

std::string PlanReader::existing_file(TableShape& shape, const char* key) {
  const std::string path = shape.text(key);
  if (path.empty()) return "";
  try {
    return project_file(state_->project(), path);
  } catch (const Error& error) {
    shape.problem(shape.place_of(key), error.message(),
                  "Paths are relative to the plan's own file.");
    return "";
  }
}

std::string PlanReader::duration(TableShape& shape, const char* key) {
  const std::string text = shape.text(key);
  if (!text.empty() && !is_duration(text))
    shape.problem(shape.place_of(key), fmt::format("{} = \"{}\" is not a duration", key, text),
                  "Write it as PostgreSQL does: \"500ms\", \"3s\", \"5min\".");
  return text;
}

std::map<std::string, std::string> PlanReader::accepted(TableShape& shape,
                                                        const std::vector<std::string>& answers) {
  std::vector<std::string> known = hazards_;
  known.insert(known.end(), answers.begin(), answers.end());
  auto accepted = shape.text_map("accept");
  for (const auto& [rule, reason] : accepted) {
    Place place = shape.place_of("accept");
    if (place.source != nullptr)
      if (const auto* field = place.source->field(rule)) place.at.line = field->line;
    const bool is_known =
        hazards_.empty() || std::find(known.begin(), known.end(), rule) != known.end();
    if (!is_known) {
      shape.problem(place,
                    fmt::format("accept \"{}\" is not a hazard{}{}", rule,
                                answers.empty() ? "" : ", nor an answer to a rollback's question",
                                text::did_you_mean(rule, known)),
                    "docs/reference/hazards.gen.md lists all hazards.");
    } else if (text::trimmed(reason).empty()) {
      shape.problem(place, fmt::format("accept \"{}\" has no reason", rule),
                    "Write why the hazard does no harm here.");
    }
  }
  return accepted;
}

std::map<std::string, std::string> PlanReader::hints(TableShape& shape) {
  auto hints = shape.text_map("hints");
  for (const auto& [state, hint] : hints) {
    if (is_sqlstate(state)) continue;
    Place place = shape.place_of("hints");
    if (place.source != nullptr)
      if (const auto* field = place.source->field(state)) place.at.line = field->line;
    shape.problem(place, fmt::format("hint \"{}\" is not an SQLSTATE", state),
                  "The key must be the five characters of an SQLSTATE: [\"42883\"] = \"…\".");
  }
  return hints;
}

void PlanReader::read_needs(TableShape& shape, plan::Plan& plan) {
  shape.with("needs", [&](int index, const Place& place) {
    plan::Needs& needs = plan.needs;
    needs.at = place.at;
    if (is_function(index)) {
      needs.custom = predicate_at(index, place.what);
      return;
    }
    if (!lua_istable(lua_, index)) return shape.wrong("needs", "a table or a function");
    TableShape table{lua_, index, {"needs", place.at, place.source}, problems_};
    table.allow({"postgres", "tables", "columns", "functions", "roles", "extensions", "plans"});
    needs.postgres = table.integer("postgres").value_or(0);
    if (table.has("postgres") && (needs.postgres < 9 || needs.postgres > 99))
      table.problem(table.place_of("postgres"),
                    "postgres of needs must be a major version: postgres = 14");
    needs.tables = table.texts("tables");
    needs.columns = table.texts("columns");
    needs.functions = table.texts("functions");
    needs.roles = table.texts("roles");
    needs.extensions = table.texts("extensions");
    needs.plans = table.texts("plans");
    for (const std::string& name : needs.tables) {
      try {
        QualifiedName::parse(name);
      } catch (const Error& error) {
        table.problem(table.place_of("tables"), error.message());
      }
    }
    std::vector<plan::Predicate> custom;
    table.each_item([&](int item, const Place& at) {
      if (is_function(item)) {
        custom.push_back(predicate_at(item, at.what));
      } else {
        table.problem(at,
                      fmt::format("{} must be a function, not {}", at.what, kind_of(lua_, item)));
      }
    });
    if (!custom.empty())
      needs.custom = [custom] {
        for (const plan::Predicate& one : custom)
          if (plan::Condition condition = one(); !condition.holds) return condition;
        return plan::Condition{};
      };
  });
}

}  // namespace engine::script
