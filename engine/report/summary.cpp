#include "report/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "report/layout.h"

namespace engine::report {
namespace {

/// Somebody said no, or nobody answered: nothing broke.
bool is_unanswered(const event::RunFinished& finished) {
  return finished.error && (finished.error->code() == Code::answer_no ||
                            finished.error->code() == Code::answer_missing);
}

/// The plan or the engine would not go on, with finished steps standing.
bool is_refused(const event::RunFinished& finished) {
  return finished.error && finished.error->code() == Code::refused;
}

std::string_view sentence_of(const event::RunFinished& finished) {
  switch (finished.status) {
    case event::Ending::done:
      return "Done";
    case event::Ending::rolled_back:
      return "Rolled back";
    case event::Ending::nothing_to_do:
      return "Nothing to do";
    case event::Ending::refused:
      return "Refused";
    case event::Ending::waiting:
      return "Waiting for a manual step";
    case event::Ending::blocked:
      return "Blocked";
    case event::Ending::interrupted:
      return "Interrupted by the operator";
    case event::Ending::failed:
      break;
  }
  if (is_refused(finished)) return "Refused";
  if (is_unanswered(finished)) return "Stopped";
  return "Failed";
}

/// A step that the operator stopped is counted as failed, since it is not done.
const char* word_for_failed(const event::RunFinished& finished) {
  if (finished.status == event::Ending::interrupted) return "interrupted";
  if (finished.status == event::Ending::refused || is_refused(finished) || is_unanswered(finished))
    return "not done";
  return "failed";
}

std::string counts_text(const event::RunFinished& finished) {
  const auto value = [&](const char* key) {
    const auto count = finished.counts.find(key);
    return count == finished.counts.end() ? 0 : count->second;
  };
  const std::pair<const char*, const char*> words[] = {{"done", "done"},
                                                       {"skipped", "skipped"},
                                                       {"rolled_back", "undone"},
                                                       {"failed", word_for_failed(finished)}};
  std::vector<std::string> parts;
  for (const auto& [key, word] : words) {
    const int count = value(key);
    if (count == 0) continue;
    parts.push_back(fmt::format(
        "{} {}", parts.empty() ? text::counted(count, "step") : text::grouped(count), word));
  }
  if (const int failed = value("failed_checks"); failed > 0) {
    parts.push_back(
        fmt::format("{} of {} failed", failed, text::counted(value("checks"), "check")));
  } else if (value("checks") > 0) {
    parts.push_back(text::counted(value("checks"), "check") +
                    (value("checks") == 1 ? " holds" : " hold"));
  }
  return text::joined(parts, ", ");
}

std::string_view what_stands(const event::RunFinished& finished, event::Mode mode) {
  const std::string_view steps =
      finished.none_finished ? "; no step is finished, but a part of a step may be in the database"
                             : "; the finished steps are kept";
  if (finished.exit == Exit::failed) return "; nothing was changed";
  if (finished.exit == Exit::steps_stand) return steps;
  if (finished.status != event::Ending::interrupted || finished.next.empty()) return "";
  if (mode == event::Mode::rollback) return "; undone steps stay undone";
  return finished.undo.empty() ? "; nothing was changed" : steps;
}

}  // namespace

std::string_view heading_of(event::Mode mode) {
  switch (mode) {
    case event::Mode::run:
      return "Run";
    case event::Mode::rollback:
      return "Rollback";
    case event::Mode::verify:
      return "Verify";
    case event::Mode::preview:
      return "Preview";
    case event::Mode::task:
      return "Task";
    case event::Mode::resolve:
      return "Resolve";
  }
  return "";
}

std::string summary(const event::RunFinished& finished, event::Mode mode, const Paint& paint,
                    int width) {
  std::string text{sentence_of(finished)};
  if (finished.status != event::Ending::nothing_to_do &&
      finished.status != event::Ending::refused) {
    text += fmt::format(" {} {}", finished.status == event::Ending::interrupted ? "after" : "in",
                        time::duration(std::chrono::milliseconds{finished.ms}));
  }
  const std::string counts = counts_text(finished);
  if (!counts.empty()) text += ": " + counts;
  text += what_stands(finished, mode);
  const bool stopped =
      finished.status == event::Ending::interrupted || finished.status == event::Ending::waiting;
  std::string result;
  for (const std::string& line : wrap(text, static_cast<std::size_t>(std::max(width, 0)))) {
    result += (finished.exit == Exit::done ? paint.green(line)
               : stopped                   ? paint.yellow(line)
                                           : paint.red(line)) +
              "\n";
  }
  return result;
}

}  // namespace engine::report
