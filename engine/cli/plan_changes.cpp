#include "cli/plan_changes.h"

#include <fmt/format.h>

#include <algorithm>

#include "script/step_texts.h"

namespace engine::cli {
namespace {

using runner::Change;

constexpr std::size_t context_lines = 3;

class Comparison {
 public:
  Comparison(const plan::Plan& plan, const runner::Record& record, const journal::History& history)
      : plan_(plan), record_(record), now_(script::step_texts(plan.source)) {
    for (const journal::PlanTextRow& text : history.texts)
      kept_.push_back({text.at, script::step_texts(text.source)});
  }

  std::vector<PlanChange> changes() {
    std::vector<PlanChange> found;
    std::vector<bool> told(plan_.steps.size());
    for (const runner::StepChange& change : runner::changes_since(plan_, record_)) {
      if (change.step) told[*change.step] = true;
      found.push_back(of_row(change));
    }
    for (std::size_t i = 0; i < plan_.steps.size(); ++i)
      if (!told[i] && !record_.rows[i]) add_untried(i, found);
    return found;
  }

 private:
  struct Kept {
    std::string at;
    script::StepTexts texts;
  };

  PlanChange of_row(const runner::StepChange& change) const {
    const bool removed = change.change == Change::removed;
    const plan::Step* step = removed ? nullptr : &plan_.steps[*change.step];
    PlanChange told{
        removed ? change.row->step : step->id, removed ? change.row->title : step->title, {}};
    told.change.stands = change.stands;
    told.change.place = removed ? plan_.path : place(*step);
    switch (change.change) {
      case Change::edited:
        told.change.change = "edited";
        compare(change, *step, told.change);
        if (!change.stands)
          told.change.note += " It has not finished, so the next run uses its current text.";
        break;
      case Change::removed:
        told.change.change = "removed";
        if (const script::StepText* was = kept(change.row->title, change.row->finished_at, ""))
          told.change.lines = diff::unified(was->text, "", context_lines);
        break;
      case Change::added:
        told.change.change = "new";
        told.change.note = "It was inserted before a finished step. No run accepts that.";
        break;
      case Change::moved:
        told.change.change = "moved";
        told.change.note = fmt::format("It was step {} when it ran, and is step {} now.",
                                       change.row->position + 1, *change.step + 1);
        break;
    }
    return told;
  }

  /// A step that the run has not come to: only its text can tell.
  void add_untried(std::size_t index, std::vector<PlanChange>& found) const {
    if (kept_.empty()) return;
    const plan::Step& step = plan_.steps[index];
    const script::StepText* now = now_.find(step.title);
    if (now == nullptr) return;
    const script::StepText* was = kept_.front().texts.find(step.title);
    if (was != nullptr && was->text == now->text) return;
    PlanChange told{step.id, step.title, {}};
    told.change.place = place(step);
    told.change.change = was == nullptr ? "new" : "edited";
    told.change.note = "It has not run yet.";
    if (was != nullptr) told.change.lines = diff::unified(was->text, now->text, context_lines);
    found.push_back(std::move(told));
  }

  void compare(const runner::StepChange& change, const plan::Step& step,
               report::StatusChange& told) const {
    const script::StepText* now = now_.find(step.title);
    if (now == nullptr) now = now_.find(change.row->title);
    const script::StepText* was =
        kept(change.row->title, change.row->finished_at, now == nullptr ? "" : now->text);
    if (was == nullptr || now == nullptr) {
      told.note = "The journal does not have the text that ran.";
      return;
    }
    told.lines = diff::unified(was->text, now->text, context_lines);
    if (!told.lines.empty()) return;
    // What it uses was edited: a local of the file, a module or an SQL file.
    if (!kept_.empty())
      told.lines = diff::unified(kept_.front().texts.rest, now_.rest, context_lines);
    told.note =
        told.lines.empty()
            ? "Its lines in the plan are unchanged. An SQL file or a module that it uses was "
              "edited. The journal keeps the text of neither."
            : "Its lines in the plan are unchanged. Something that it uses was edited: another "
              "part of the file, an SQL file or a module. The journal does not keep that text.";
  }

  /// The step in the latest text that was there when its row was written; where that is like `now`,
  /// in any other.
  const script::StepText* kept(const std::string& title, const std::string& at,
                               const std::string& now) const {
    const script::StepText* found = nullptr;
    for (const Kept& text : kept_) {  // the latest first
      const script::StepText* step = text.texts.find(title);
      if (step == nullptr) continue;
      if (text.at <= at && step->text != now) return step;
      if (found == nullptr || found->text == now) found = step;
    }
    return found;
  }

  std::string place(const plan::Step& step) const {
    return fmt::format("{}:{}", plan_.path, step.at.line);
  }

  const plan::Plan& plan_;
  const runner::Record& record_;
  script::StepTexts now_;
  std::vector<Kept> kept_;
};

}  // namespace

std::vector<PlanChange> plan_changes(const plan::Plan& plan, const runner::Record& record,
                                     const journal::History& history) {
  return Comparison{plan, record, history}.changes();
}

}  // namespace engine::cli
