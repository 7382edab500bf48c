#include "cli/context.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/time.h"
#include "report/failure.h"
#include "report/layout.h"

namespace engine::cli {
namespace {

bool set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

/// https://no-color.org: set and not empty.
bool colours_wanted(const Options& options) {
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal != nullptr && std::string_view{terminal} == "dumb";
  return !options.no_color && !set("NO_COLOR") && !dumb;
}

report::Verbosity verbosity(const Options& options) {
  if (options.quiet) return report::Verbosity::quiet;
  return options.verbose ? report::Verbosity::verbose : report::Verbosity::normal;
}

event::Ending ending_of(Exit::Status exit) {
  return exit == Exit::refused ? event::Ending::refused : event::Ending::failed;
}

}  // namespace

Context::Context(const Options& options)
    : options_(options),
      out_(STDOUT_FILENO),
      err_(STDERR_FILENO, report::Lost::goes_on),
      screen_(out_, err_, colours_wanted(options)),
      meter_(screen_),
      console_(screen_),
      operator_(answers_, console_),
      terminal_(screen_, meter_, verbosity(options)),
      json_lines_(out_),
      tap_(out_),
      csv_(screen_) {}

void Context::read_answers() {
  answers_.set(options_.set);
  if (!options_.answers.empty()) answers_.read(options_.answers);
  if (options_.yes) answers_.yes_to_confirms();
}

const Project& Context::project() {
  if (!project_) project_ = Project::read(std::filesystem::current_path().string());
  return *project_;
}

void Context::refuse_json_beside(const char* flag) const {
  if (!options_.json) return;
  throw Error{Code::usage, "{} and --json cannot both write to standard output", flag}.hint(
      "Give only one of them.");
}

void Context::report_as_tap() {
  refuse_json_beside("--tap");
  as_tap_ = true;
}

void Context::report_as_csv() {
  refuse_json_beside("--csv");
  as_csv_ = true;
}

event::Listener Context::listener() {
  if (as_tap_) return [this](const event::Event& event) { tap_(event); };
  if (as_csv_) return [this](const event::Event& event) { csv_(event); };
  if (options_.json) return [this](const event::Event& event) { json_lines_(event); };
  meter_.start();
  return [this](const event::Event& event) { terminal_(event); };
}

void Context::remark(const std::string& text) {
  if (!options_.quiet) screen_.tell(report::shown(text) + "\n");
}

int Context::fail(const Error& error) {
  const Exit::Status status = exit_status_of(error.code());
  if (options_.json || as_tap_) {
    event::RunFinished finished;
    finished.status = ending_of(status);
    finished.exit = status;
    finished.error = error;
    const event::Event event{time::now(), "", finished};
    as_tap_ ? tap_(event) : json_lines_(event);
  }
  screen_.tell(report::failure_block(error, {}, screen_.err_paint(), screen_.width()));
  return leave(status);
}

int Context::leave(int status) {
  if (out_.failure().empty()) return status;
  screen_.tell("error: standard output cannot be written: " + out_.failure() + "\n");
  constexpr int failed = 1;
  return status == 0 ? failed : status;
}

}  // namespace engine::cli
