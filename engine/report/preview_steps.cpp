#include "report/preview_steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "base/text.h"
#include "report/layout.h"
#include "report/preview_words.h"

namespace engine::report {
namespace {

using event::StatementTraced;

constexpr std::size_t most_plain = 12;  // of a step; --json has them all
constexpr std::size_t margin = 4;

/// The same statement of a loop: what all of them wrote, and how often it was sent.
struct Fold {
  StatementTraced trace;
  int times = 1;

  void add(const StatementTraced& other);
};

void Fold::add(const StatementTraced& other) {
  ++times;
  for (const StatementTraced::Rows& rows : other.rows) {
    const auto same = std::find_if(trace.rows.begin(), trace.rows.end(), [&](const auto& known) {
      return known.relation == rows.relation;
    });
    if (same == trace.rows.end()) {
      trace.rows.push_back(rows);
    } else {
      same->inserted += rows.inserted;
      same->updated += rows.updated;
      same->deleted += rows.deleted;
    }
  }
}

bool is_same(const StatementTraced& one, const StatementTraced& other) {
  return one.line == other.line && one.file == other.file && one.sql == other.sql;
}

bool changes(const StatementTraced& trace) {
  return !trace.commands.empty() || !trace.rows.empty() || !trace.dropped.empty() ||
         !effects(trace).empty() || !(trace.sql.empty() || is_read(trace));
}

std::vector<Fold> folded(const std::vector<StatementTraced>& traces, const std::string& step) {
  std::vector<Fold> folds;
  for (const StatementTraced& trace : traces) {
    if (trace.step != step || trace.taken_back || !changes(trace)) continue;
    if (!folds.empty() && is_same(folds.back().trace, trace)) {
      folds.back().add(trace);
    } else {
      folds.push_back({trace});
    }
  }
  return folds;
}

std::string told(const Fold& fold, std::size_t columns, const Paint& paint) {
  const StatementTraced& trace = fold.trace;
  const std::string times = fold.times > 1 ? fmt::format(" ({} times)", fold.times) : "";
  const std::string label = trace.line > 0 ? fmt::format("line {}", trace.line) : "engine";
  const std::string sql =
      trace.sql.empty() ? "by its own statements" : shown_on_one_line(trace.sql);
  const std::size_t beside = margin + label_columns;
  const std::size_t room = std::max<std::size_t>(columns, beside + 30) - beside - times.size();
  std::string lines = labelled(margin, label, elided(sql, room) + times, columns);
  for (const std::string& effect : effects(trace)) {
    for (const std::string& line : wrap(shown_on_one_line(effect), columns - beside - 2))
      lines += std::string(beside + 2, ' ') + paint.dim(line) + "\n";
  }
  return lines;
}

}  // namespace

std::string steps_with_statements(const std::vector<event::StepStarted>& steps,
                                  const std::vector<StatementTraced>& traces, const Paint& paint,
                                  int width) {
  const auto columns = static_cast<std::size_t>(width);
  std::string page;
  for (const event::StepStarted& step : steps) {
    std::string lines;
    std::size_t plain = 0, left_out = 0;
    for (const Fold& fold : folded(traces, step.step)) {
      const bool silent = effects(fold.trace).empty();
      if (silent && ++plain > most_plain) {
        ++left_out;
      } else {
        lines += told(fold, columns, paint);
      }
    }
    if (left_out > 0)
      lines +=
          fmt::format("    … and {} more that did what they say (--json shows all)\n", left_out);
    if (!lines.empty())
      page += "  " + elided(shown_on_one_line(step.title), columns - 2) + "\n" + lines;
  }
  return page;
}

}  // namespace engine::report
