#include "report/preview_page.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "base/time.h"
#include "report/access_changes.h"
#include "report/definitions.h"
#include "report/finding_groups.h"
#include "report/layout.h"
#include "report/preview_steps.h"
#include "report/preview_words.h"
#include "report/table.h"

namespace engine::report {
namespace {

using event::Finding;

constexpr std::size_t most_impacts = 20;
constexpr std::size_t most_tables = 40;  // whose rows change

std::string title(const Paint& paint, std::string_view text) {
  return "\n" + paint.bold(text) + "\n";
}

std::string signed_by_severity(const Finding& finding, const Paint& paint) {
  if (finding.accepted) return paint.dim("accepted");
  const std::string_view name = name_of(finding.severity);
  switch (finding.severity) {
    case event::Severity::danger:
      return paint.red(name);
    case event::Severity::warning:
      return paint.yellow(name);
    case event::Severity::info:
      break;
  }
  return paint.dim(name);
}

/// "plans/p.lua:199, and lines 203, 207 and 5 more"
std::string places(const std::vector<Finding>& group) {
  constexpr std::size_t most = 6;
  std::string words = fmt::format("{}:{}", group.front().file, group.front().line);
  std::vector<std::string> lines;
  for (const Finding& finding : group) {
    const std::string line = std::to_string(finding.line);
    if (finding.line != group.front().line &&
        std::find(lines.begin(), lines.end(), line) == lines.end())
      lines.push_back(line);
  }
  const std::size_t all = lines.size();
  if (all > most) {
    lines.resize(most);
    lines.push_back(fmt::format("{} more", all - most));
  }
  if (all > 0) words += fmt::format(", and line{} {}", all > 1 ? "s" : "", text::listed(lines));
  return words;
}

std::string finding(const std::vector<Finding>& group, const Paint& paint, std::size_t columns) {
  const Finding& first = group.front();
  std::string text =
      fmt::format("  {}  {} ({})\n", signed_by_severity(first, paint),
                  paint.bold(shown_on_one_line(first.rule)), name_of(first.evidence));
  for (const std::string& line : wrap(shown(first.message), columns - 6))
    text += "      " + line + "\n";
  text += labelled(6, "step", shown_on_one_line(first.step), columns);
  if (first.line > 0) text += labelled(6, "where", shown_on_one_line(places(group)), columns);
  text += labelled(6, "statement", text::shortened(shown_on_one_line(first.sql), 300), columns);
  return text + (first.accepted ? labelled(6, "accepted", shown(first.reason), columns)
                                : labelled(6, "safer", shown(first.safer), columns));
}

std::string sentence(const event::Verdict& verdict, const Paint& paint, std::size_t columns) {
  const auto [word, decision] = verdict_words(verdict);
  const std::string painted = verdict.result == event::VerdictKind::blocked     ? paint.red(word)
                              : verdict.result == event::VerdictKind::attention ? paint.yellow(word)
                                                                                : paint.green(word);
  std::string lines;
  for (const std::string& line : wrap(fmt::format("{}: {}", word, shown(decision)), columns - 2))
    lines += "  " + line + "\n";
  return lines.replace(2, word.size(), painted);
}

std::string changed_rows(const std::vector<event::Difference>& differences, int width) {
  std::vector<std::string> lines;
  for (const event::Difference& one : differences) {
    if (one.kind != "rows") continue;
    const std::string line = shown_on_one_line(one.object + ": " + one.before + " -> " + one.after);
    lines.push_back("    " + text::shortened(line, static_cast<std::size_t>(width) - 4) + "\n");
  }
  std::string page;
  for (std::size_t i = 0; i < std::min(lines.size(), most_tables); ++i) page += lines[i];
  if (lines.size() > most_tables)
    page +=
        fmt::format("  … and {} more (--json and --report show all)\n", lines.size() - most_tables);
  return page;
}

}  // namespace

std::string PreviewPage::text(const event::Verdict& verdict, const Paint& paint, int width) const {
  std::string page =
      title(paint, "Verdict") + sentence(verdict, paint, static_cast<std::size_t>(width));
  page += findings(paint, width);
  page += impacts(paint, width);
  page += probes(paint, width);
  page += steps(paint, width);
  page += locks(paint, width);
  page += differences(paint, width);
  page += proofs(paint, width);
  page += questions(paint, width);
  return page;
}

std::string PreviewPage::title_of(const std::string& step) const {
  for (const event::StepStarted& one : steps_) {
    if (one.step == step) return one.title;
  }
  return step;
}

std::string PreviewPage::findings(const Paint& paint, int width) const {
  std::string decisions, notes;
  for (const std::vector<Finding>& group : finding_groups(findings_)) {
    (decides(group) ? decisions : notes) += finding(group, paint, static_cast<std::size_t>(width));
  }
  return (decisions.empty() ? "" : title(paint, "What needs a decision") + decisions) +
         (notes.empty() ? "" : title(paint, "What to know") + notes);
}

// Of each relation the strongest lock a step, and of an index none where its table is held too.
std::string PreviewPage::locks(const Paint& paint, int width) const {
  std::vector<std::vector<std::optional<std::string>>> rows;
  std::string step;
  std::string page;
  const auto flush = [&] {
    if (rows.empty()) return;
    page += "  " + shown_on_one_line(title_of(step)) + "\n" +
            table({"relation", "mode", "blocks", "held", "line"}, rows, 4, width);
    rows.clear();
  };
  for (const event::LockTaken& lock : locks_) {
    if (lock.blocks.empty()) continue;
    if (lock.step != step) flush();
    step = lock.step;
    const bool told = std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
      return lock.table != lock.relation && row[0] == lock.table;
    });
    if (told) continue;
    const std::string held =
        lock.transient ? "briefly" : time::duration(std::chrono::milliseconds{lock.held_ms});
    const std::vector<std::optional<std::string>> row{
        lock.relation, lock.mode, text::joined(lock.blocks, ", "), held,
        lock.line > 0 ? std::to_string(lock.line) : ""};
    const auto same = std::find_if(rows.begin(), rows.end(),
                                   [&](const auto& other) { return other[0] == row[0]; });
    if (same == rows.end()) {
      rows.push_back(row);
    } else if ((*same)[2]->size() < row[2]->size()) {
      *same = row;
    }
  }
  flush();
  if (page.empty()) return "";
  return title(paint, "Locks that make other sessions wait (times measured on the shadow)") + page;
}

std::string PreviewPage::impacts(const Paint& paint, int width) const {
  if (impacts_.empty()) return "";
  const auto columns = static_cast<std::size_t>(width);
  std::string page = title(paint, "Estimated cost on the target, as ranges");
  std::vector<event::Impact> longest_first = impacts_;
  std::stable_sort(longest_first.begin(), longest_first.end(),
                   [](const auto& one, const auto& other) { return one.high_ms > other.high_ms; });
  const std::size_t all = longest_first.size();
  longest_first.resize(std::min(all, most_impacts));
  for (const event::Impact& impact : longest_first) {
    page += fmt::format("  {} of {}{}\n", shown_on_one_line(impact.work),
                        shown_on_one_line(impact.relation),
                        impact.line > 0 ? fmt::format(", line {}", impact.line) : "");
    page += labelled(6, "time", shown_on_one_line(duration_of(impact)), columns);
    page += labelled(6, "room", room_of(impact), columns);
    page += labelled(6, "by", shown_on_one_line(impact.basis), columns);
  }
  if (all > most_impacts)
    page +=
        fmt::format("  … and {} more that take less time (--json shows all)\n", all - most_impacts);
  for (const std::string& line : wrap(room_of_all(impacts_), columns - 2))
    page += "  " + line + "\n";
  return page;
}

std::string PreviewPage::probes(const Paint& paint, int width) const {
  std::vector<std::vector<std::optional<std::string>>> rows;
  for (const event::Probed& probe : probes_) {
    rows.push_back({shown_on_one_line(probe.relation), shown_on_one_line(probe.object), probe.of,
                    shown_on_one_line(answer_words(probe))});
  }
  if (rows.empty()) return "";
  return title(paint, "Checked in the target's rows") +
         table({"relation", "for", "are there", "answer"}, rows, 4, width);
}

std::string PreviewPage::not_reached(std::size_t columns) const {
  std::vector<std::string> titles;
  for (const event::PlannedStep& planned : planned_) {
    const bool began = std::any_of(steps_.begin(), steps_.end(),
                                   [&](const auto& step) { return step.step == planned.id; });
    if (!began && planned.status == event::StepState::pending)
      titles.push_back(shown_on_one_line(planned.title));
  }
  if (titles.empty()) return "";
  std::string lines;
  for (const std::string& line : wrap("Not reached: " + text::joined(titles, "; "), columns - 2))
    lines += "  " + line + "\n";
  return lines;
}

std::string PreviewPage::steps(const Paint& paint, int width) const {
  const std::string steps = steps_with_statements(steps_, traces_, paint, width) +
                            not_reached(static_cast<std::size_t>(width));
  return steps.empty() ? "" : title(paint, "Steps, with what their statements did") + steps;
}

std::string PreviewPage::differences(const Paint& paint, int width) const {
  std::string page;
  for (const auto& [kind, heading] : difference_kinds) {
    std::string changes = kind == "schema" ? definitions(differences_, paint, width)
                          : kind == "rows" ? changed_rows(differences_, width)
                                           : changed_access(differences_, paint, width);
    if (!changes.empty()) page += title(paint, heading) + changes;
  }
  return page;
}

std::string PreviewPage::proofs(const Paint& paint, int width) const {
  if (proofs_.empty()) return "";
  std::string page = title(paint, "Proofs, executed on the shadow");
  for (const event::Proof& proof : proofs_) {
    std::string mark = proof.ok         ? paint.green("yes")
                       : proof.accepted ? paint.dim("no ")
                                        : paint.red("NO ");
    for (const std::string& line : wrap(shown(claim(proof)), static_cast<std::size_t>(width) - 7)) {
      page += "  " + mark + "  " + line + "\n";
      mark = "   ";
    }
    for (const std::string& lost : proof.lost) {
      for (const std::string& line : wrap(shown(lost), static_cast<std::size_t>(width) - 9))
        page += "       " + line + "\n";
    }
    page += labelled(7, "accepted", shown(proof.reason), static_cast<std::size_t>(width));
  }
  return page;
}

std::string PreviewPage::questions(const Paint& paint, int width) const {
  std::string page;
  const auto columns = static_cast<std::size_t>(width);
  for (const event::QuestionAnswered& question : questions_) {
    const std::string asked = first_line_shown(question.text);
    for (const std::string& line :
         wrap(asked.empty() ? shown_on_one_line(question.name) : asked, columns - 2))
      page += "  " + line + "\n";
    const std::string answer = question.secret ? "a secret" : shown_on_one_line(question.answer);
    page += labelled(4, "here",
                     fmt::format("{} = {} ({})", shown_on_one_line(question.name), answer,
                                 shown_on_one_line(question.source)),
                     columns);
  }
  return page.empty() ? "" : title(paint, "Questions that will be asked") + page;
}

}  // namespace engine::report
