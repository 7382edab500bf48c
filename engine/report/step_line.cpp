#include "report/step_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "report/layout.h"

namespace engine::report {
namespace {

constexpr std::size_t margin = 6;        // of an outcome that has no room beside its title
constexpr std::size_t sign_columns = 4;  // "  + "
constexpr std::size_t gap = 2;           // at least, between title and outcome
constexpr std::size_t outcome_columns = 33;
constexpr std::size_t least_title_columns = 24;
constexpr std::int64_t noticeable_ms = 1000;

std::string milliseconds(std::int64_t ms) { return time::duration(std::chrono::milliseconds{ms}); }

std::string stopped(const event::StepFinished& step) {
  switch (step.error->code()) {
    case Code::interrupted:
      return "interrupted after " + milliseconds(step.ms);
    case Code::answer_no:
      return "not done: answered no";
    case Code::refused:
      return "not done: refused";
    default:
      return "not done: nobody answered";
  }
}

std::string status_text(const StepLine& line) {
  switch (line.step.status) {
    case event::StepStatus::done:
      return line.mode == event::Mode::verify ? "holds" : "done";
    case event::StepStatus::skipped:
      return "skipped";
    case event::StepStatus::failed:
      return is_stop(line.step) ? stopped(line.step) : "FAILED";
    case event::StepStatus::rolled_back:
      return "undone";
    case event::StepStatus::waiting:
      return "waiting";
  }
  return "";
}

bool has_duration(const StepLine& line) {
  const event::StepFinished& step = line.step;
  if (step.status == event::StepStatus::skipped || step.status == event::StepStatus::waiting)
    return false;
  if (is_stop(step)) return false;
  // The engine only asked.
  return line.kind != "manual" || step.ms >= noticeable_ms;
}

std::vector<std::string> outcome(const StepLine& line) {
  std::vector<std::string> parts{status_text(line)};
  const event::StepFinished& step = line.step;
  if (!step.reason.empty()) parts.back() += ": " + shown_on_one_line(step.reason);
  if (step.rows && *step.rows > 0) parts.push_back(text::counted(*step.rows, "row"));
  if (line.failed_checks > 0) {
    parts.push_back(
        fmt::format("{} of {} failed", line.failed_checks, text::counted(line.checks, "check")));
  } else if (line.checks > 0) {
    parts.push_back(text::counted(line.checks, "check"));
  }
  if (has_duration(line)) parts.push_back(milliseconds(step.ms));
  return parts;
}

/// Broken between the parts: "12 ms" stays together.
std::vector<std::string> filled(const std::vector<std::string>& parts, std::size_t columns) {
  std::vector<std::string> lines;
  std::string current;
  for (const std::string& part : parts) {
    const bool fits = text::width(current) + 2 + text::width(part) <= columns;
    if (!current.empty() && !fits) lines.push_back(std::exchange(current, "") + ",");
    current += current.empty() ? part : ", " + part;
  }
  lines.push_back(current);
  std::vector<std::string> wrapped;
  for (const std::string& line : lines) {
    for (std::string& piece : wrap(line, columns)) wrapped.push_back(std::move(piece));
  }
  return wrapped;
}

std::string sign_of(const event::StepFinished& step, const Paint& paint) {
  switch (step.status) {
    case event::StepStatus::done:
      return paint.green("+");
    case event::StepStatus::skipped:
      return paint.dim(".");
    case event::StepStatus::failed:
      return is_stop(step) ? paint.yellow("x") : paint.red("!");
    case event::StepStatus::rolled_back:
      return paint.green("-");
    case event::StepStatus::waiting:
      return paint.yellow("?");
  }
  return " ";
}

}  // namespace

bool is_stop(const event::StepFinished& step) {
  if (step.status != event::StepStatus::failed || !step.error) return false;
  const Code code = step.error->code();
  return code == Code::interrupted || code == Code::answer_no || code == Code::answer_missing ||
         code == Code::refused;
}

std::size_t title_columns(std::size_t longest_title, int width) {
  constexpr std::size_t leader = 3;  // so that the longest title has dots as well
  const auto columns = static_cast<std::size_t>(std::max(width, 0));
  const std::size_t taken = sign_columns + outcome_columns;
  const std::size_t room = columns > taken ? columns - taken : 0;
  return std::max(std::min(longest_title + leader, room), least_title_columns);
}

std::string step_line(const StepLine& line, const Paint& paint, int width) {
  const auto columns = static_cast<std::size_t>(std::max(width, 0));
  const std::size_t start = sign_columns + line.title_columns + 1;
  const std::string title = elided(shown_on_one_line(line.step.title), start - sign_columns - gap);
  const std::size_t between = start - sign_columns - text::width(title);
  std::string text = "  " + sign_of(line.step, paint) + " " + title;
  text += between > gap + 1 ? " " + paint.dim(std::string(between - 2, '.')) + " "
                            : std::string(between, ' ');

  const bool failed = line.step.status == event::StepStatus::failed && !is_stop(line.step);
  const auto coloured = [&](const std::string& part) { return failed ? paint.red(part) : part; };
  const std::vector<std::string> result = outcome(line);
  const std::size_t room = columns > start ? columns - start : 0;
  const bool beside =
      room >= outcome_columns - gap || text::width(text::joined(result, ", ")) <= room;
  if (!beside) {
    text.erase(text.find_last_not_of(' ') + 1);
    text += "\n";
    for (const std::string& part : filled(result, columns > margin ? columns - margin : 0)) {
      text += std::string(margin, ' ') + coloured(part) + "\n";
    }
    return text;
  }
  bool first = true;
  for (const std::string& part : filled(result, room)) {
    text += (first ? "" : std::string(start, ' ')) + coloured(part) + "\n";
    first = false;
  }
  return text;
}

}  // namespace engine::report
