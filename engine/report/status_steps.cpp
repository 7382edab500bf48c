#include "report/status_steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "base/time.h"
#include "report/failure.h"
#include "report/layout.h"

namespace engine::report {
namespace {

constexpr std::size_t margin = 6;        // of what stands below a step's line
constexpr std::size_t sign_columns = 4;  // "  + "

std::string milliseconds(std::int64_t ms) { return time::duration(std::chrono::milliseconds{ms}); }

/// A tab has no width of its own on a terminal.
std::string without_tabs(const std::string& line) {
  std::string result;
  for (const char c : line) result += c == '\t' ? std::string(4, ' ') : std::string(1, c);
  return result;
}

class Steps {
 public:
  Steps(const RunStatus& status, const Paint& paint, int width)
      : status_(status),
        paint_(paint),
        width_(width),
        columns_(static_cast<std::size_t>(std::max(width, 0))) {}

  std::string text() {
    measure();
    for (const StatusStep& step : status_.steps) add_step(step);
    return std::move(text_);
  }

 private:
  void paragraph(std::size_t indent, const std::string& text) {
    for (const std::string& line : wrap(text, room(indent)))
      text_ += std::string(indent, ' ') + line + "\n";
  }

  std::string sign(const StatusStep& step) const {
    if (step.running) return paint_.bold(">");
    switch (step.status) {
      case event::StepState::done:
      case event::StepState::found_done:
        return paint_.green("+");
      case event::StepState::rolled_back:
        return paint_.green("-");
      case event::StepState::skipped:
        return paint_.dim(".");
      case event::StepState::waiting:
        return paint_.yellow("?");
      case event::StepState::pending:
        return step.error ? paint_.yellow("x") : " ";
      case event::StepState::intent:
      case event::StepState::failed:
      case event::StepState::unverified:
      case event::StepState::rollback_failed:
        break;
    }
    return paint_.red("!");
  }

  static std::string word(const StatusStep& step) {
    if (step.running) return "running since " + status_time(step.at);
    switch (step.status) {
      case event::StepState::found_done:
        return "found done";
      case event::StepState::rolled_back:
        return "undone";
      case event::StepState::rollback_failed:
        return "rollback failed";
      case event::StepState::unverified:
        return "not verified";
      case event::StepState::intent:
        return "interrupted";
      case event::StepState::pending:
        if (step.error) return "not done: " + step.code;
        break;
      case event::StepState::done:
      case event::StepState::skipped:
      case event::StepState::failed:
      case event::StepState::waiting:
        break;
    }
    return std::string{name_of(step.status)};
  }

  static bool has_failed(const StatusStep& step) {
    return step.status == event::StepState::failed ||
           step.status == event::StepState::rollback_failed ||
           step.status == event::StepState::unverified;
  }

  /// Is the time that it took known?
  static bool is_timed(const StatusStep& step) {
    return !step.running && step.status != event::StepState::skipped &&
           step.status != event::StepState::pending && step.status != event::StepState::intent &&
           step.status != event::StepState::waiting;
  }

  std::string outcome(const StatusStep& step) const {
    std::vector<std::string> parts{word(step)};
    if (!step.reason.empty() && !has_failed(step))
      parts.back() += ": " + shown_on_one_line(step.reason);
    if (step.rows > 0) parts.push_back(text::counted(step.rows, "row"));
    if (is_timed(step)) parts.push_back(milliseconds(step.ms));
    if (!step.at.empty() && !step.running) parts.push_back(status_time(step.at, status_.started));
    for (const StatusChange& change : step.changes) parts.push_back(change.change);
    return text::joined(parts, ", ");
  }

  void add_step(const StatusStep& step) {
    const std::string title = shown_on_one_line(step.title);
    const std::string result = outcome(step);
    const std::size_t least = sign_columns + text::width(title) + 2;
    std::size_t start = std::max(sign_columns + title_columns_, least);
    // A long outcome begins before the others do.
    if (start + text::width(result) > columns_) start = std::max(least, room(text::width(result)));
    if (start + text::width(result) <= columns_) {
      const std::string gap(start - sign_columns - text::width(title), ' ');
      text_ += "  " + sign(step) + " " + title + gap + result + "\n";
    } else {
      bool first = true;
      for (const std::string& line : wrap(title, room(sign_columns))) {
        text_ += (first ? "  " + sign(step) + " " : std::string(sign_columns, ' ')) + line + "\n";
        first = false;
      }
      paragraph(margin, result);
    }
    add_error(step);
    if (!step.stands.empty()) paragraph(margin, step.stands);
    for (const StatusChange& change : step.changes) add_change(change);
  }

  std::size_t room(std::size_t taken) const { return columns_ > taken ? columns_ - taken : 0; }

  /// Titles as long as the longest that has its outcome beside it.
  void measure() {
    std::size_t longest = 0;
    for (const StatusStep& step : status_.steps) {
      const std::size_t title = text::width(shown_on_one_line(step.title)) + 2;
      if (sign_columns + title + text::width(outcome(step)) <= columns_)
        longest = std::max(longest, title);
    }
    title_columns_ = std::min(longest, columns_ * 2 / 3);
  }

  void add_error(const StatusStep& step) {
    if (step.error) {
      for (const std::string& line : wrap(shown(step.error->message()), room(margin)))
        text_ += std::string(margin, ' ') + paint_.red(line) + "\n";
      text_ += failure_details(*step.error, margin, paint_, width_);
    }
    const bool told = step.attempts.size() == 1 && step.error &&
                      step.attempts.front().message == step.error->message();
    if (told) return;
    for (std::size_t i = 0; i < step.attempts.size(); ++i) {
      const StatusAttempt& attempt = step.attempts[i];
      std::string text =
          fmt::format("{}, {}", status_time(attempt.at, status_.started), attempt.outcome);
      if (!attempt.sqlstate.empty()) text += " " + attempt.sqlstate;
      text_ += labelled(margin, fmt::format("attempt {}", i + 1),
                        shown_on_one_line(text + ": " + attempt.message), columns_);
    }
  }

  void add_change(const StatusChange& change) {
    std::string text = change.change + (change.place.empty() ? "" : ", " + change.place);
    if (!change.note.empty()) text += ": " + change.note;
    text_ += labelled(margin, "plan", shown_on_one_line(text), columns_);
    for (const diff::Line& line : change.lines) {
      if (line.mark == '~') {
        text_ += std::string(margin, ' ') + paint_.dim("…") + "\n";
        continue;
      }
      bool first = true;
      for (const std::string& part : wrap(without_tabs(shown(line.text)), room(margin + 2))) {
        const std::string whole = fmt::format("{} {}", first ? line.mark : ' ', part);
        text_ += std::string(margin, ' ') +
                 (line.mark == '-'   ? paint_.red(whole)
                  : line.mark == '+' ? paint_.green(whole)
                                     : whole) +
                 "\n";
        first = false;
      }
    }
  }

  const RunStatus& status_;
  const Paint& paint_;
  int width_;
  std::size_t columns_;
  std::size_t title_columns_ = 0;
  std::string text_;
};

}  // namespace

std::string status_steps(const RunStatus& status, const Paint& paint, int width) {
  return Steps{status, paint, width}.text();
}

}  // namespace engine::report
