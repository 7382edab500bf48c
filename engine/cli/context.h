// What a command works with: its options, its outputs, the person it may ask.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "cli/options.h"
#include "cli/project.h"
#include "event/event.h"
#include "report/answers.h"
#include "report/console.h"
#include "report/csv.h"
#include "report/json_lines.h"
#include "report/meter.h"
#include "report/operator.h"
#include "report/screen.h"
#include "report/tap.h"
#include "report/terminal.h"

namespace engine::cli {

class Context {
 public:
  explicit Context(const Options& options);

  const Options& options() const { return options_; }
  /// --set, --answers and --yes. Throws Error{usage}.
  void read_answers();

  const Project& project();  // of the working directory, read when first asked for
  report::Screen& screen() { return screen_; }
  report::Operator& person() { return operator_; }
  report::Console& console() { return console_; }
  report::Answers& answers() { return answers_; }

  /// Events go to standard output as TAP from now on. Throws Error{usage} with --json.
  void report_as_tap();
  /// The rows that a task reads go to standard output as CSV. Throws Error{usage} with --json.
  void report_as_csv();
  /// Where a run's events go: the terminal, JSON lines, TAP or CSV.
  event::Listener listener();
  /// One JSON object as a line of standard output (--json).
  void print_json(const std::string& line) { out_.write(line + "\n"); }
  void print(const std::string& text) { screen_.print(text); }
  /// A remark on standard error; nothing with --quiet.
  void remark(const std::string& text);

  /// Shows an error that no run has shown, and gives its exit status.
  int fail(const Error& error);
  /// The status to leave with: an output that could not be written makes a success a failure.
  int leave(int status);

 private:
  void refuse_json_beside(const char* flag) const;

  Options options_;
  report::Sink out_, err_;
  report::Screen screen_;
  report::Meter meter_;
  report::Console console_;
  report::Answers answers_;
  report::Operator operator_;
  report::Terminal terminal_;
  report::JsonLines json_lines_;
  report::Tap tap_;
  report::Csv csv_;
  bool as_tap_ = false, as_csv_ = false;
  std::optional<Project> project_;
};

}  // namespace engine::cli
