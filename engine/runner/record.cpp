#include "runner/record.h"

#include "base/error.h"
#include "base/text.h"

namespace engine::runner {

bool is_finished(const std::string& status) {
  return status == "done" || status == "found_done" || status == "skipped";
}

bool is_standing(const std::string& status) {
  return status == "done" || status == "found_done" || status == "intent" ||
         status == "unverified" || status == "rollback_failed";
}

Record record_of(const Plan& plan, const std::vector<journal::StepRow>& steps) {
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

std::string edited_file(const Plan& plan, const std::vector<journal::FileRow>& files,
                        const std::string& step) {
  for (const journal::FileRow& file : files) {
    if (file.step == step && plan.digest && plan.digest(file.path) != file.digest) return file.path;
  }
  return "";
}

void refuse_drift(const Plan& plan, const Record& record, bool accept_edits) {
  std::vector<std::string> edits;
  std::optional<std::size_t> last_finished;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const std::string status = record.status(i);
    if (!is_finished(status) && !is_standing(status)) continue;
    last_finished = i;
    // What failed half-way is done again, by the text as it is now.
    if (status == "intent") continue;
    const std::string file = edited_file(plan, record.files, plan.steps[i].id);
    if (!file.empty()) {
      edits.push_back(fmt::format("{}, which \"{}\" read while it ran, was edited since", file,
                                  plan.steps[i].title));
    } else if (record.rows[i]->checksum != plan.steps[i].checksum) {
      edits.push_back(fmt::format("\"{}\" was edited after {}", plan.steps[i].title,
                                  status == "skipped"      ? "it was skipped"
                                  : status == "unverified" ? "its work was done, which stands"
                                                           : "it was run"));
    }
  }
  for (const journal::StepRow& row : record.gone) {
    if (is_finished(row.status) || is_standing(row.status)) {
      edits.push_back(fmt::format("\"{}\" was run and is no longer in the plan", row.title));
    }
  }
  for (std::size_t i = 0; last_finished && i < *last_finished; ++i) {
    if (record.rows[i]) continue;
    throw Error{Code::edited, "step \"{}\" was inserted before \"{}\", which has finished",
                plan.steps[i].title, plan.steps[*last_finished].title}
        .hint("Move it behind the finished steps, or roll back first.")
        .at(plan.steps[i].at);
  }
  if (edits.empty() || accept_edits) return;
  throw Error{Code::edited, "the plan was edited since it ran: {}", text::joined(edits, "; ")}.hint(
      "Add --accept-edits to go on and leave what has finished as it is, or roll back first.");
}

std::size_t find_step(const Plan& plan, const std::string& name) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    if (plan.steps[i].id == name || plan.steps[i].title == name) return i;
    known.push_back(plan.steps[i].id);
  }
  throw Error{Code::usage, "the plan has no step \"{}\"{}", name, text::did_you_mean(name, known)};
}

}  // namespace engine::runner
