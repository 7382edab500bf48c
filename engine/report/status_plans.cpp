#include "report/status_plans.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "base/time.h"
#include "report/error_json.h"
#include "report/failure.h"
#include "report/layout.h"
#include "report/status.h"
#include "report/table.h"

namespace engine::report {
namespace {

using json = nlohmann::ordered_json;

struct StateWords {
  PlanState state;
  const char* name;   // in JSON
  const char* words;  // for people
};

constexpr StateWords state_words_table[] = {
    {PlanState::applied, "applied", "applied"},
    {PlanState::pending, "pending", "pending"},
    {PlanState::partly, "partly", "partly applied"},
    {PlanState::edited, "edited", "edited"},
    {PlanState::running, "running", "an engine works on this plan"},
    {PlanState::rolling_back, "rolling_back", "partly rolled back"},
    {PlanState::rolled_back, "rolled_back", "rolled back"},
    {PlanState::renamed, "renamed", "renamed"},
    {PlanState::unknown, "unknown", "not in the folder"},
    {PlanState::broken, "broken", "does not load"},
    {PlanState::no_steps, "no_steps", "no_steps"},
};

const StateWords& words_of(PlanState state) {
  return *std::find_if(std::begin(state_words_table), std::end(state_words_table),
                       [&](const StateWords& words) { return words.state == state; });
}

std::string state_words(const PlanStatus& plan) {
  if (plan.state == PlanState::renamed) return "renamed from " + plan.renamed_from;
  return words_of(plan.state).words;
}

std::string pending_words(const PlanStatus& plan) {
  if (plan.state == PlanState::broken || plan.of == 0) return "";
  return fmt::format("{} of {}", plan.pending, plan.of);
}

std::string paragraph(const std::string& text, int width) {
  std::string lines;
  for (const std::string& line : wrap(text, static_cast<std::size_t>(std::max(width, 0))))
    lines += line + "\n";
  return lines;
}

std::string details(const PlanStatus& plan, int width) {
  const auto columns = static_cast<std::size_t>(std::max(width, 0));
  if (plan.error) {
    return "\n" + paragraph(shown_on_one_line(plan.path) + " does not load:", width) +
           labelled(2, "error", shown(plan.error->message()), columns) +
           failure_details(*plan.error, 2, Paint{false}, width);
  }
  if (plan.edited.empty()) return "";
  std::string lines =
      "\n" + paragraph(shown_on_one_line(plan.path) + " was edited since it ran:", width);
  for (const std::string& step : plan.edited) {
    for (const std::string& line : wrap(shown_on_one_line(step), columns > 2 ? columns - 2 : 0))
      lines += "  " + line + "\n";
  }
  return lines;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The digits from `at` on without leading zeros; `at` is then behind them.
std::string number_at(const std::string& text, std::size_t& at) {
  while (at < text.size() && text[at] == '0') ++at;
  const std::size_t from = at;
  while (at < text.size() && is_digit(text[at])) ++at;
  return text.substr(from, at - from);
}

}  // namespace

bool natural_before(const std::string& a, const std::string& b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const std::string left = number_at(a, i), right = number_at(b, j);
      if (left.size() != right.size()) return left.size() < right.size();
      if (left != right) return left < right;
      continue;
    }
    if (a[i] != b[j]) return a[i] < b[j];
    ++i;
    ++j;
  }
  if ((i < a.size()) != (j < b.size())) return j < b.size();
  return a < b;  // "01" and "1"
}

std::string plans_text(const std::vector<PlanStatus>& plans, int width) {
  std::vector<std::vector<std::optional<std::string>>> rows;
  for (const PlanStatus& plan : plans) {
    const std::string at = plan.finished.empty() ? plan.started : plan.finished;
    rows.push_back({plan.path.empty() ? plan.plan : plan.path, state_words(plan),
                    pending_words(plan), at.empty() ? "" : status_time(at), plan.run});
  }
  std::string text =
      table({"plan", "state", "pending steps", "last run (UTC)", "run"}, rows, 0, width);
  for (const PlanStatus& plan : plans) text += details(plan, width);
  return text;
}

std::string plans_json(const std::string& target, const std::vector<PlanStatus>& plans) {
  std::string lines;
  for (const PlanStatus& plan : plans) {
    json edited = json::array();
    for (const std::string& step : plan.edited) edited.push_back(json_text(step));
    const json line{{"event", "plan"},
                    {"target", json_text(target)},
                    {"plan", json_text(plan.plan)},
                    {"path", json_text(plan.path)},
                    {"state", words_of(plan.state).name},
                    {"pending", plan.pending},
                    {"of", plan.of},
                    {"status", plan.status ? name_of(*plan.status) : std::string_view{}},
                    {"started", plan.started},
                    {"finished", plan.finished},
                    {"edited", std::move(edited)},
                    {"renamed_from", json_text(plan.renamed_from)},
                    {"error", plan.error ? error_object(*plan.error) : json(nullptr)},
                    {"time", time::now()},
                    {"run", plan.run.empty() ? json(nullptr) : json(plan.run)}};
    lines += line.dump(-1, ' ', true, json::error_handler_t::replace) + "\n";
  }
  return lines;
}

}  // namespace engine::report
