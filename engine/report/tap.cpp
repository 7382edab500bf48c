#include "report/tap.h"

#include "base/text.h"
#include "report/layout.h"

namespace engine::report {
namespace {

/// A `#` would begin a directive: a check called "# TODO" must not pass when it fails.
std::string description(std::string_view raw) {
  std::string escaped;
  for (const char c : shown_on_one_line(raw)) {
    if (c == '#' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

/// A line of the YAML block, its value a double-quoted scalar; "" where there is none.
std::string entry(const char* key, std::string_view raw) {
  if (raw.empty()) return "";
  std::string quoted;
  for (const char c : shown(raw)) {
    if (c == '\n') {
      quoted += "\\n";
    } else if (c == '\t') {
      quoted += "\\t";
    } else {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
  }
  return fmt::format("  {}: \"{}\"\n", key, quoted);
}

std::string place(const Source& at) {
  if (at.file.empty() || at.line <= 0) return at.file;
  return fmt::format("{}:{}", at.file, at.line);
}

std::string diagnostics(const event::CheckDone& check) {
  std::string block = entry("expected", check.expected) + entry("actual", check.actual) +
                      entry("at", place(check.at)) + entry("hint", check.hint);
  if (check.error) {
    block += entry("message", check.error->message()) + entry("sqlstate", check.error->sqlstate()) +
             entry("statement", check.error->statement());
  }
  return block.empty() ? "" : "  ---\n" + block + "  ...\n";
}

bool only_checks_failed(const event::RunFinished& finished) {
  return finished.error && (finished.error->code() == Code::checks_failed ||
                            finished.error->code() == Code::check_failed);
}

}  // namespace

void Tap::operator()(const event::Event& event) {
  std::visit([this](const auto& body) { show(body); }, event.body);
}

void Tap::begin() {
  if (!begun_) out_.write("TAP version 14\n");
  begun_ = true;
}

void Tap::show(const event::RunStarted& started) {
  begin();
  for (const event::PlannedStep& step : started.steps) titles_[step.id] = step.title;
}

void Tap::show(const event::CheckDone& check) {
  begin();
  const auto found = titles_.find(check.step);
  std::string name = found == titles_.end() ? check.step : found->second;
  if (!check.title.empty() && check.title != name) name += ": " + check.title;
  if (check.name != check.title) name += ": " + check.name;
  out_.write(fmt::format("{} {} - {}\n{}", check.ok ? "ok" : "not ok", ++checks_, description(name),
                         check.ok ? "" : diagnostics(check)));
}

void Tap::show(const event::Note& note) {
  begin();
  out_.write("# " + shown_on_one_line(note.text) + "\n");
}

void Tap::show(const event::RunFinished& finished) {
  begin();
  if (finished.exit != Exit::done && !only_checks_failed(finished)) {
    const std::string why =
        finished.error ? finished.error->message() : std::string{name_of(finished.status)};
    out_.write("Bail out! " + shown_on_one_line(why) + "\n");
  } else {
    out_.write(fmt::format("1..{}{}\n", checks_, checks_ == 0 ? " # SKIP no checks" : ""));
  }
}

}  // namespace engine::report
