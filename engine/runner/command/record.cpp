#include "runner/command/record.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/text.h"

namespace engine::runner {

Record record_of(const plan::Plan& plan, const std::vector<journal::StepRow>& steps) {
  Record record;
  record.rows.resize(plan.steps.size());
  for (const journal::StepRow& row : steps) {
    bool found = false;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      if (plan.steps[i].id != row.step) continue;
      record.rows[i] = row;
      found = true;
    }
    if (!found) record.gone.push_back(row);
  }
  return record;
}

namespace {

bool has_stood(event::StepState status) { return is_finished(status) || is_standing(status); }

/// Steps that finished in another order than the plan has now: those outside the longest part that
/// kept its order.
std::vector<std::size_t> moved_steps(const Record& record) {
  std::vector<std::size_t> steps;
  for (std::size_t i = 0; i < record.rows.size(); ++i)
    if (has_stood(record.status(i))) steps.push_back(i);
  const auto position = [&](std::size_t at) { return record.rows[steps[at]]->position; };
  std::vector<std::size_t> length(steps.size(), 1), before(steps.size(), steps.size());
  std::size_t last = steps.size();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (position(j) >= position(i) || length[j] < length[i]) continue;
      length[i] = length[j] + 1;
      before[i] = j;
    }
    if (last == steps.size() || length[i] > length[last]) last = i;
  }
  std::set<std::size_t> kept;
  for (; last < steps.size(); last = before[last]) kept.insert(last);
  std::vector<std::size_t> moved;
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (!kept.contains(i)) moved.push_back(steps[i]);
  return moved;
}

std::string words_of(const StepChange& change, const plan::Plan& plan) {
  const event::StepState status = change.row->status;
  if (change.change == Change::removed)
    return fmt::format("\"{}\" was removed: it ran, and is no longer in the plan",
                       change.row->title);
  if (!change.file.empty())
    return fmt::format("{}, which \"{}\" read while it ran, was edited since", change.file,
                       plan.steps[*change.step].title);
  return fmt::format("\"{}\" was edited after {}", plan.steps[*change.step].title,
                     status == event::StepState::skipped ? "it was skipped"
                     : status == event::StepState::unverified
                         ? "its work was done, and is still in the database"
                         : "it was run");
}

}  // namespace

std::string edited_file(const plan::Plan& plan, const std::vector<journal::FileRow>& files,
                        const std::string& step) {
  for (const journal::FileRow& file : files) {
    if (file.step == step && plan.digest && plan.digest(file.path) != file.digest) return file.path;
  }
  return "";
}

std::vector<StepChange> changes_since(const plan::Plan& plan, const Record& record) {
  std::vector<StepChange> changes;
  const std::vector<std::size_t> moved = moved_steps(record);
  std::optional<std::size_t> last_finished;
  for (std::size_t i = 0; i < plan.steps.size(); ++i)
    if (has_stood(record.status(i))) last_finished = i;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const event::StepState status = record.status(i);
    if (!record.rows[i]) {
      if (last_finished && i < *last_finished)
        changes.push_back({Change::added, i, std::nullopt, false, ""});
      continue;
    }
    const std::string file = edited_file(plan, record.files, plan.steps[i].id);
    if (!file.empty() || record.rows[i]->checksum != plan.steps[i].checksum) {
      // What failed half-way is done again, by the text as it is now.
      const bool stands = has_stood(status) && status != event::StepState::intent;
      changes.push_back({Change::edited, i, record.rows[i], stands, file});
    }
    if (std::find(moved.begin(), moved.end(), i) != moved.end())
      changes.push_back({Change::moved, i, record.rows[i], true, ""});
  }
  for (const journal::StepRow& row : record.gone)
    changes.push_back({Change::removed, std::nullopt, row, has_stood(row.status), ""});
  return changes;
}

void refuse_drift(const plan::Plan& plan, const Record& record, bool accept_edits) {
  std::vector<std::string> edits;
  for (const StepChange& change : changes_since(plan, record)) {
    if (change.change == Change::added) {
      std::size_t behind = *change.step;
      while (!has_stood(record.status(behind))) ++behind;
      throw Error{Code::edited, "step \"{}\" was inserted before \"{}\", which has finished",
                  plan.steps[*change.step].title, plan.steps[behind].title}
          .hint("Move it after the finished steps, or roll back first.")
          .at(plan.steps[*change.step].at);
    }
    if (change.stands && change.change != Change::moved) edits.push_back(words_of(change, plan));
  }
  if (edits.empty() || accept_edits) return;
  throw Error{Code::edited, "the plan was edited since it ran: {}", text::joined(edits, "; ")}.hint(
      "`engine status PLAN` shows what was edited. Add --accept-edits to continue and leave the "
      "finished steps as they are, or roll back first.");
}

std::size_t find_step(const plan::Plan& plan, const std::string& name) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    if (plan.steps[i].id == name || plan.steps[i].title == name) return i;
    known.push_back(plan.steps[i].id);
  }
  throw Error{Code::usage, "the plan has no step \"{}\"{}", name, text::did_you_mean(name, known)};
}

}  // namespace engine::runner
