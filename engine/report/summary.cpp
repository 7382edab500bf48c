#include "report/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "report/layout.h"

namespace engine::report {
namespace {

/// Somebody said no, or nobody answered: nothing broke.
bool is_unanswered(const runner::RunFinished& finished) {
  return finished.error && (finished.error->code() == Code::answer_no ||
                            finished.error->code() == Code::answer_missing);
}

/// The plan or the engine would not go on, with finished steps standing.
bool is_refused(const runner::RunFinished& finished) {
  return finished.error && finished.error->code() == Code::refused;
}

std::string_view sentence_of(const runner::RunFinished& finished) {
  const std::string& status = finished.status;
  if (status == "done") return "Done";
  if (status == "rolled_back") return "Rolled back";
  if (status == "nothing_to_do") return "Nothing to do";
  if (status == "refused") return "Refused";
  if (status == "waiting") return "Waiting for a manual step";
  if (status == "blocked") return "Blocked";
  if (status == "interrupted") return "Interrupted by the operator";
  if (is_refused(finished)) return "Refused";
  if (is_unanswered(finished)) return "Stopped";
  return "Failed";
}

/// A step that the operator stopped is counted as failed, since it is not done.
const char* word_for_failed(const runner::RunFinished& finished) {
  if (finished.status == "interrupted") return "interrupted";
  if (finished.status == "refused" || is_refused(finished) || is_unanswered(finished))
    return "not done";
  return "failed";
}

std::string counts_text(const runner::RunFinished& finished) {
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

std::string_view what_stands(const runner::RunFinished& finished, runner::Mode mode) {
  const std::string_view steps = finished.none_finished
                                     ? "; no step is finished, but what was begun may stand"
                                     : "; the finished steps stand";
  if (finished.exit == 1) return "; nothing was changed";
  if (finished.exit == 3) return steps;
  if (finished.status != "interrupted" || finished.next.empty()) return "";
  if (mode == runner::Mode::rollback) return "; what is undone stays undone";
  return finished.undo.empty() ? "; nothing was changed" : steps;
}

}  // namespace

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

std::string summary(const runner::RunFinished& finished, runner::Mode mode, const Paint& paint,
                    int width) {
  std::string text{sentence_of(finished)};
  if (finished.status != "nothing_to_do" && finished.status != "refused") {
    text += fmt::format(" {} {}", finished.status == "interrupted" ? "after" : "in",
                        time::duration(std::chrono::milliseconds{finished.ms}));
  }
  const std::string counts = counts_text(finished);
  if (!counts.empty()) text += ": " + counts;
  text += what_stands(finished, mode);
  const bool stopped = finished.status == "interrupted" || finished.status == "waiting";
  std::string result;
  for (const std::string& line : wrap(text, static_cast<std::size_t>(std::max(width, 0)))) {
    result += (finished.exit == 0 ? paint.green(line)
               : stopped          ? paint.yellow(line)
                                  : paint.red(line)) +
              "\n";
  }
  return result;
}

}  // namespace engine::report
