#include "report/terminal.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "report/failure.h"
#include "report/layout.h"
#include "report/step_line.h"
#include "report/summary.h"
#include "report/table.h"

namespace engine::report {
namespace {

constexpr std::size_t margin = 6;  // of what stands below a step's line

std::string milliseconds(std::int64_t ms) { return time::duration(std::chrono::milliseconds{ms}); }

}  // namespace

void Terminal::operator()(const event::Event& event) {
  if (!std::holds_alternative<event::Retry>(event.body)) meter_.connected();
  std::visit(
      [&](const auto& body) {
        if constexpr (std::is_same_v<std::decay_t<decltype(body)>, event::RunStarted>) {
          show(body, event.run);
        } else {
          show(body);
        }
      },
      event.body);
}

void Terminal::show(const event::RunStarted& started, const std::string& run) {
  mode_ = started.mode;
  page_.add(started);
  const auto columns = static_cast<std::size_t>(screen_.width());
  std::size_t longest = 0;
  std::int64_t finished = 0;
  for (const event::PlannedStep& step : started.steps) {
    longest = std::max(longest, text::width(shown_on_one_line(step.title)));
    if (is_finished(step.status)) ++finished;
  }
  title_columns_ = title_columns(longest, screen_.width());

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
  if (started.resumed && started.mode == event::Mode::run) {
    text += fmt::format("Resumed: {} of {} finished before\n", finished,
                        text::counted(static_cast<std::int64_t>(started.steps.size()), "step"));
  }
  screen_.print(text);
}

void Terminal::show(const event::PhaseStarted& phase) { enter_phase(phase.title); }

void Terminal::enter_phase(const std::string& title) {
  if (verbosity_ == Verbosity::quiet || title == phase_) return;
  phase_ = title;
  screen_.print(title.empty() ? "\n"
                              : "\n" + screen_.paint().bold(shown_on_one_line(title)) + "\n");
}

void Terminal::show(const event::StepStarted& step) {
  enter_phase(step.phase);
  if (mode_ == event::Mode::preview) page_.add(step);
  in_step_ = true;
  kind_ = step.kind;
  details_.clear();
  failed_check_.clear();
  check_hint_.clear();
  raised_.clear();
  checks_ = failed_checks_ = 0;
  meter_.begin(fmt::format("{}{}",
                           step.of > 0 ? fmt::format("{} of {}, ", step.number, step.of) : "",
                           shown_on_one_line(step.title)));
}

/// The failure in full, but for what the lines of its checks have said.
std::string Terminal::reason(const Error& error) const {
  const auto columns = static_cast<std::size_t>(screen_.width());
  const bool told =
      failed_checks_ > 0 && (error.code() == Code::check_failed || error.message() == raised_);
  if (told) {
    const std::string more = error.hint() == check_hint_ ? "" : error.hint();
    return labelled(margin, "hint", shown(more), columns);
  }
  std::string lines;
  for (const std::string& line : wrap(shown(error.message()), columns - margin)) {
    lines += std::string(margin, ' ') + screen_.paint().red(line) + "\n";
  }
  return lines + failure_details(error, margin, screen_.paint(), screen_.width());
}

void Terminal::show(const event::StepFinished& step) {
  meter_.end();
  enter_phase(step.phase);
  const bool failed = step.status == event::StepStatus::failed;
  if (failed) failed_step_ = step.title;
  // Why it was refused stands nowhere else; what was interrupted or answered is plain.
  const bool told = failed && step.error && (!is_stop(step) || step.error->code() == Code::refused);
  if (told) {
    details_ = failed_checks_ > 0 ? details_ + reason(*step.error) : reason(*step.error) + details_;
    told_ = step.error->message();
  }
  const StepLine line{step, mode_, kind_, checks_, failed_checks_, title_columns_};
  if (verbosity_ != Verbosity::quiet || failed) {
    screen_.print(step_line(line, screen_.paint(), screen_.width()) + details_);
  }
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

void Terminal::show(const event::StatementDone& statement) {
  if (verbosity_ != Verbosity::verbose) return;
  std::string result = shown_on_one_line(statement.tag);
  if (statement.line > 0) result = fmt::format("line {}: {}", statement.line, result);
  below(labelled(margin, "sql", shown(text::trimmed(statement.sql)),
                 static_cast<std::size_t>(screen_.width())));
  below(labelled(margin, "", fmt::format("{}, {}", result, milliseconds(statement.ms)),
                 static_cast<std::size_t>(screen_.width())));
}

void Terminal::show(const event::Progress& progress) { meter_.update(progress); }

void Terminal::show(const event::CheckDone& check) {
  ++checks_;
  const auto columns = static_cast<std::size_t>(screen_.width());
  const bool raised = check.error && check.actual == check.error->message();
  const std::string said = raised ? check.actual : check.name;
  const bool untitled = check.title.empty() || check.title == said;
  const std::string name = untitled ? said : check.title + ": " + said;
  if (check.ok) {
    if (verbosity_ == Verbosity::verbose)
      below(labelled(margin, "holds", shown_on_one_line(name), columns));
    return;
  }
  ++failed_checks_;
  failed_check_ = failed_checks_ == 1 ? check.title : "";
  below(labelled(margin, "FAILED", shown_on_one_line(name), columns));
  if (!raised) {
    below(labelled(margin + 2, "expected", shown(check.expected), columns));
    below(labelled(margin + 2, "actual", shown(check.actual), columns));
  }
  Error error = check.error.value_or(Error{Code::check_failed, ""}).at(check.at);
  if (!check.hint.empty()) error.hint(check.hint);
  check_hint_ = error.hint();
  raised_ = raised ? error.message() : "";
  below(failure_details(error, margin + 2, screen_.paint(), screen_.width()));
}

void Terminal::show(const event::QuestionAnswered& question) {
  if (mode_ == event::Mode::preview) {
    page_.add(question);
    return;
  }
  const bool person = question.source == "prompt" || question.source == "default";
  if (person && screen_.take_answered()) return;
  const std::string answer = question.secret ? "(kept secret)" : question.answer;
  std::string text = first_line_shown(question.text);
  if (text.empty()) text = shown_on_one_line(question.name);
  if (!text.ends_with('?')) text += ':';
  below(labelled(in_step_ ? margin : 0, "asked",
                 fmt::format("{} {} ({})", text, shown_on_one_line(answer),
                             shown_on_one_line(question.source)),
                 static_cast<std::size_t>(screen_.width())));
}

void Terminal::show(const event::NoticeSeen& notice) {
  const bool warning = notice.severity == "WARNING";
  if (!warning && verbosity_ != Verbosity::verbose) return;
  below(labelled(in_step_ ? margin : 0, text::lower(shown_on_one_line(notice.severity)),
                 shown(notice.message), static_cast<std::size_t>(screen_.width())));
}

void Terminal::show(const event::Retry& retry) {
  if (!retry.lost.empty()) {
    if (retry.attempt == 1) {
      screen_.tell(
          fmt::format("  … connection lost ({}), reconnecting\n", shown_on_one_line(retry.lost)));
    }
    meter_.reconnecting(retry.lost);
    return;
  }
  std::string text = retry.attempt == 0 ? "  … waiting for a lock"
                                        : fmt::format("  … attempt {} failed ({})", retry.attempt,
                                                      shown_on_one_line(retry.sqlstate));
  if (retry.pause_ms > 0) text += fmt::format("; again in {}", milliseconds(retry.pause_ms));
  text += "\n";
  for (const std::string& blocker : retry.blockers) {
    text += fmt::format("      blocked by {}\n", shown_on_one_line(blocker));
  }
  screen_.tell(text);
}

void Terminal::show(const event::Note& note) {
  below(labelled(in_step_ ? margin : 0, "note", shown(note.text),
                 static_cast<std::size_t>(screen_.width())));
}

void Terminal::show(const event::TableShown& shown_table) {
  below(table(shown_table.columns, shown_table.rows, margin, screen_.width()));
}

void Terminal::show(const event::Verdict& verdict) {
  screen_.print(page_.text(verdict, screen_.paint(), screen_.width()));
}

void Terminal::show(const event::RunFinished& finished) {
  meter_.end();
  const bool quiet = verbosity_ == Verbosity::quiet;
  const bool misused = finished.exit == Exit::misused;
  if (!misused) {
    screen_.print((quiet ? "" : "\n") + summary(finished, mode_, screen_.paint(), screen_.width()));
  }
  if (finished.error) {
    screen_.tell(failure(finished, *finished.error));
  } else if (!finished.next.empty()) {
    screen_.print("Next: " + shown_on_one_line(finished.next) + "\n");
  }
}

/// A failure is told once on each stream: in full with its step, and here only where who reads this
/// has not read that.
std::string Terminal::failure(const event::RunFinished& finished, const Error& error) const {
  // Support helps with a step that broke; a refusal or a slip at the keyboard says itself what to
  // do.
  const bool broken = finished.exit == Exit::failed || finished.exit == Exit::steps_stand ||
                      finished.exit == Exit::rollback_failed;
  const bool stopped = error.code() == Code::interrupted;
  const FailureContext context{stopped ? "" : failed_step_, failed_check_,
                               broken ? finished.support : "", finished.next, finished.undo};
  const Paint& paint = screen_.err_paint();
  const int width = screen_.width();
  const bool told = screen_.together() && !told_.empty() && told_ == error.message();
  if (told) return failure_pointer(error, context, paint, width);
  // The summary has said it.
  if (stopped && screen_.together()) return failure_advice(context, width);
  const bool apart = verbosity_ != Verbosity::quiet && finished.exit != Exit::misused;
  return (apart ? "\n" : "") + failure_block(error, context, paint, width);
}

}  // namespace engine::report
