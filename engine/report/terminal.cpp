#include "report/terminal.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "report/failure.h"
#include "report/layout.h"
#include "report/table.h"

namespace engine::report {
namespace {

constexpr std::size_t margin = 6;        // of what stands below a step's line
constexpr std::size_t sign_columns = 4;  // "  + "
constexpr std::size_t outcome_columns = 34;
constexpr std::size_t least_title_columns = 24;

std::string milliseconds(std::int64_t ms) { return time::duration(std::chrono::milliseconds{ms}); }

std::string_view heading_of(runner::Mode mode) {
  switch (mode) {
    case runner::Mode::run:
      return "Run";
    case runner::Mode::rollback:
      return "Rollback";
    case runner::Mode::verify:
      return "Verify";
    case runner::Mode::preview:
      return "Preview";
    case runner::Mode::task:
      return "Task";
    case runner::Mode::resolve:
      return "Resolve";
  }
  return "";
}

std::string counts_text(const runner::RunFinished& finished) {
  static constexpr std::pair<const char*, const char*> words[] = {
      {"done", "done"}, {"skipped", "skipped"}, {"rolled_back", "undone"}, {"failed", "failed"}};
  std::vector<std::string> parts;
  for (const auto& [key, word] : words) {
    const auto count = finished.counts.find(key);
    if (count == finished.counts.end() || count->second == 0) continue;
    parts.push_back(fmt::format(
        "{} {}",
        parts.empty() ? text::counted(count->second, "step") : text::grouped(count->second), word));
  }
  const auto value = [&](const char* key) {
    const auto count = finished.counts.find(key);
    return count == finished.counts.end() ? 0 : count->second;
  };
  const int failed = value("failed_checks");
  if (failed > 0) {
    parts.push_back(
        fmt::format("{} of {} failed", failed, text::counted(value("checks"), "check")));
  } else if (value("checks") > 0) {
    parts.push_back(text::counted(value("checks"), "check") +
                    (value("checks") == 1 ? " holds" : " hold"));
  }
  return text::joined(parts, ", ");
}

std::string_view sentence_of(const std::string& status) {
  if (status == "done") return "Done";
  if (status == "rolled_back") return "Rolled back";
  if (status == "nothing_to_do") return "Nothing to do";
  if (status == "refused") return "Refused";
  if (status == "waiting") return "Waiting for a manual step";
  if (status == "interrupted") return "Interrupted";
  return "Failed";
}

}  // namespace

void Terminal::operator()(const runner::Event& event) {
  std::visit(
      [&](const auto& body) {
        if constexpr (std::is_same_v<std::decay_t<decltype(body)>, runner::RunStarted>) {
          show(body, event.run);
        } else {
          show(body);
        }
      },
      event.body);
}

void Terminal::show(const runner::RunStarted& started, const std::string& run) {
  mode_ = started.mode;
  const auto columns = static_cast<std::size_t>(screen_.width());
  std::size_t longest = 0;
  std::int64_t finished = 0;
  for (const runner::PlannedStep& step : started.steps) {
    longest = std::max(longest, text::width(shown_on_one_line(step.title)));
    if (step.status == "done" || step.status == "found_done" || step.status == "skipped")
      ++finished;
  }
  const std::size_t room =
      columns > sign_columns + outcome_columns ? columns - sign_columns - outcome_columns : 0;
  title_columns_ = std::max(std::min(longest + 3, room), least_title_columns);

  if (verbosity_ == Verbosity::quiet) return;
  std::string what =
      fmt::format("{} {}", heading_of(started.mode), shown_on_one_line(started.plan));
  if (!started.title.empty() && started.title != started.plan) {
    what += ": " + shown_on_one_line(started.title);
  }
  if (!run.empty()) what += fmt::format(" (run {})", shown_on_one_line(run));
  std::string text =
      text::joined(wrap("Target " + shown_on_one_line(started.target), columns), "\n") + "\n";
  text += text::joined(wrap(what, columns), "\n") + "\n";
  if (started.resumed && started.mode == runner::Mode::run) {
    text += fmt::format("Resumed: {} of {} finished before\n", finished,
                        text::counted(static_cast<std::int64_t>(started.steps.size()), "step"));
  }
  screen_.print(text);
}

void Terminal::show(const runner::PhaseStarted& phase) { enter_phase(phase.title); }

void Terminal::enter_phase(const std::string& title) {
  if (verbosity_ == Verbosity::quiet || title == phase_) return;
  phase_ = title;
  screen_.print(title.empty() ? "\n"
                              : "\n" + screen_.paint().bold(shown_on_one_line(title)) + "\n");
}

void Terminal::show(const runner::StepStarted& step) {
  enter_phase(step.phase);
  in_step_ = true;
  details_.clear();
  checks_ = failed_checks_ = 0;
  meter_.begin(fmt::format("{}{}",
                           step.of > 0 ? fmt::format("{} of {}, ", step.number, step.of) : "",
                           shown_on_one_line(step.title)));
}

std::string Terminal::outcome(const runner::StepFinished& step) const {
  std::vector<std::string> parts;
  switch (step.status) {
    case runner::StepStatus::done:
      parts.push_back(mode_ == runner::Mode::verify ? "holds" : "done");
      break;
    case runner::StepStatus::skipped:
      parts.emplace_back("skipped");
      break;
    case runner::StepStatus::failed:
      parts.emplace_back("FAILED");
      break;
    case runner::StepStatus::rolled_back:
      parts.emplace_back("undone");
      break;
    case runner::StepStatus::waiting:
      parts.emplace_back("waiting");
      break;
  }
  if (!step.reason.empty()) parts.back() += ": " + shown_on_one_line(step.reason);
  if (step.rows && *step.rows > 0) parts.push_back(text::counted(*step.rows, "row"));
  if (failed_checks_ > 0) {
    parts.push_back(
        fmt::format("{} of {} failed", failed_checks_, text::counted(checks_, "check")));
  } else if (checks_ > 0) {
    parts.push_back(text::counted(checks_, "check"));
  }
  const bool worked =
      step.status != runner::StepStatus::skipped && step.status != runner::StepStatus::waiting;
  if (worked) parts.push_back(milliseconds(step.ms));
  return text::joined(parts, ", ");
}

std::string Terminal::step_line(const runner::StepFinished& step) const {
  const Paint& paint = screen_.paint();
  std::string sign = "+";
  switch (step.status) {
    case runner::StepStatus::done:
      sign = paint.green("+");
      break;
    case runner::StepStatus::skipped:
      sign = paint.dim(".");
      break;
    case runner::StepStatus::failed:
      sign = paint.red("!");
      break;
    case runner::StepStatus::rolled_back:
      sign = paint.green("-");
      break;
    case runner::StepStatus::waiting:
      sign = paint.yellow("?");
      break;
  }
  const auto columns = static_cast<std::size_t>(screen_.width());
  const std::size_t start = sign_columns + title_columns_ + 1;
  std::vector<std::string> title = wrap(shown_on_one_line(step.title), title_columns_);
  std::string line;
  for (std::size_t i = 0; i + 1 < title.size(); ++i) {
    line += (i == 0 ? "  " + sign + " " : std::string(sign_columns, ' ')) + title[i] + "\n";
  }
  line += title.size() == 1 ? "  " + sign + " " : std::string(sign_columns, ' ');
  const std::size_t used = text::width(title.back());
  line += title.back();
  if (used + 2 < title_columns_) {
    line += " " + paint.dim(std::string(title_columns_ - used - 1, '.'));
  } else {
    line += std::string(title_columns_ > used ? title_columns_ - used : 0, ' ');
  }

  const std::string result = outcome(step);
  const auto coloured = [&](const std::string& text) {
    return step.status == runner::StepStatus::failed ? paint.red(text) : text;
  };
  const std::size_t room = columns > start ? columns - start : 0;
  std::vector<std::string> result_lines = wrap(result, room);
  const bool beside = room >= outcome_columns - 2 || text::width(result) <= room;
  if (!beside) {
    line += "\n";
    for (const std::string& part : wrap(result, columns > margin ? columns - margin : 0)) {
      line += std::string(margin, ' ') + coloured(part) + "\n";
    }
    return line;
  }
  for (std::size_t i = 0; i < result_lines.size(); ++i) {
    line += (i == 0 ? " " : std::string(start, ' ')) + coloured(result_lines[i]) + "\n";
  }
  return line;
}

void Terminal::show(const runner::StepFinished& step) {
  meter_.end();
  enter_phase(step.phase);
  const bool failed = step.status == runner::StepStatus::failed;
  if (failed) failed_step_ = step.title;
  const auto columns = static_cast<std::size_t>(screen_.width());
  if (failed && step.error && failed_checks_ == 0) {
    std::string reason;
    for (const std::string& line :
         wrap(shown_on_one_line(step.error->message()), columns > margin ? columns - margin : 0)) {
      reason += std::string(margin, ' ') + line + "\n";
    }
    details_ = reason + details_;
  }
  if (verbosity_ != Verbosity::quiet || failed) screen_.print(step_line(step) + details_);
  in_step_ = false;
  details_.clear();
  checks_ = failed_checks_ = 0;
}

void Terminal::below(std::string lines) {
  if (in_step_) {
    details_ += lines;
  } else if (verbosity_ != Verbosity::quiet) {
    screen_.print(lines);
  }
}

void Terminal::show(const runner::StatementDone& statement) {
  if (verbosity_ != Verbosity::verbose) return;
  std::string result = shown_on_one_line(statement.tag);
  if (statement.line > 0) result = fmt::format("line {}: {}", statement.line, result);
  below(labelled(margin, "sql", shown(text::trimmed(statement.sql)),
                 static_cast<std::size_t>(screen_.width())));
  below(labelled(margin, "", fmt::format("{}, {}", result, milliseconds(statement.ms)),
                 static_cast<std::size_t>(screen_.width())));
}

void Terminal::show(const runner::Progress& progress) { meter_.update(progress); }

void Terminal::show(const runner::CheckDone& check) {
  ++checks_;
  const auto columns = static_cast<std::size_t>(screen_.width());
  const std::string name = check.title.empty() ? check.name : check.title + ": " + check.name;
  if (check.ok) {
    if (verbosity_ == Verbosity::verbose)
      below(labelled(margin, "holds", shown_on_one_line(name), columns));
    return;
  }
  ++failed_checks_;
  below(labelled(margin, "FAILED", shown_on_one_line(name), columns));
  below(labelled(margin + 2, "expected", shown(check.expected), columns));
  below(labelled(margin + 2, "actual", shown(check.actual), columns));
  below(labelled(margin + 2, "hint", shown(check.hint), columns));
}

void Terminal::show(const runner::QuestionAnswered& question) {
  const std::string answer = question.secret ? "(kept secret)" : question.answer;
  // A manual step's question has its reason and its list below the first line.
  std::string text = question.text.substr(0, question.text.find('\n'));
  text = shown_on_one_line(text.empty() ? question.name : text);
  if (!text.ends_with('?')) text += ':';
  below(labelled(in_step_ ? margin : 0, "asked",
                 fmt::format("{} {} ({})", text, shown_on_one_line(answer),
                             shown_on_one_line(question.source)),
                 static_cast<std::size_t>(screen_.width())));
}

void Terminal::show(const runner::NoticeSeen& notice) {
  const bool warning = notice.severity == "WARNING";
  if (!warning && verbosity_ != Verbosity::verbose) return;
  below(labelled(in_step_ ? margin : 0, text::lower(shown_on_one_line(notice.severity)),
                 shown(notice.message), static_cast<std::size_t>(screen_.width())));
}

void Terminal::show(const runner::Retry& retry) {
  std::string text =
      fmt::format("  … attempt {} gave way ({})", retry.attempt, shown_on_one_line(retry.sqlstate));
  if (retry.pause_ms > 0) text += fmt::format("; again in {}", milliseconds(retry.pause_ms));
  text += "\n";
  for (const std::string& blocker : retry.blockers) {
    text += fmt::format("      blocked by {}\n", shown_on_one_line(blocker));
  }
  screen_.tell(text);
}

void Terminal::show(const runner::Note& note) {
  below(labelled(in_step_ ? margin : 0, "note", shown(note.text),
                 static_cast<std::size_t>(screen_.width())));
}

void Terminal::show(const runner::TableShown& shown_table) {
  below(table(shown_table.columns, shown_table.rows, margin, screen_.width()));
}

std::string Terminal::summary(const runner::RunFinished& finished) const {
  const Paint& paint = screen_.paint();
  const std::string counts = counts_text(finished);
  std::string text =
      fmt::format("{} in {}", sentence_of(finished.status), milliseconds(finished.ms));
  if (finished.status == "nothing_to_do" || finished.status == "refused") {
    text = std::string{sentence_of(finished.status)};
  }
  if (!counts.empty()) text += ": " + counts;
  if (finished.exit == 1) text += "; nothing was changed";
  if (finished.exit == 3) text += "; the finished steps stand";
  const bool good = finished.exit == 0;
  const auto columns = static_cast<std::size_t>(screen_.width());
  std::string result;
  for (const std::string& line : wrap(text, columns)) {
    result += (good ? paint.green(line) : paint.red(line)) + "\n";
  }
  return result;
}

void Terminal::show(const runner::RunFinished& finished) {
  meter_.end();
  const bool quiet = verbosity_ == Verbosity::quiet;
  const bool misused = finished.exit == exit_status_of(Code::usage);
  if (!misused) screen_.print((quiet ? "" : "\n") + summary(finished));
  if (finished.error) {
    // Support helps with a step that broke; a refusal or a slip at the keyboard says itself what to
    // do.
    const bool broken = finished.exit == 1 || finished.exit == 3 || finished.exit == 6;
    const FailureContext context{failed_step_, broken ? finished.support : "", finished.next,
                                 finished.undo};
    screen_.tell((quiet ? "" : "\n") +
                 failure_block(*finished.error, context, screen_.err_paint(), screen_.width()));
  } else if (!finished.next.empty()) {
    screen_.print("Next: " + shown_on_one_line(finished.next) + "\n");
  }
}

}  // namespace engine::report
