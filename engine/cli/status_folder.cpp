#include "cli/status_folder.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/file.h"
#include "cli/plan_command.h"
#include "runner/command/record.h"
#include "script/plan_loader.h"
#include "script/source_index.h"

namespace engine::cli {
namespace {

using report::PlanState;
using report::PlanStatus;

struct LatestRun {
  journal::RunRow row;
  std::vector<journal::StepRow> steps;
  bool held = false;
  bool taken = false;  // by a plan of the folder
};

std::vector<std::string> lua_files(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator{folder, problem})
    if (entry.path().extension() == ".lua" && entry.is_regular_file())
      files.push_back(entry.path().lexically_normal().string());
  if (problem)
    throw Error{Code::usage, "the folder {} cannot be read: {}", folder, problem.message()};
  std::sort(files.begin(), files.end(), report::natural_before);
  return files;
}

/// A module that plans require has no plan in it.
bool has_plan(const std::string& path) {
  const script::Outline outline = script::outline_of(file::read(path));
  return std::any_of(outline.constructs.begin(), outline.constructs.end(),
                     [](const script::Construct& each) { return each.word == "plan"; });
}

std::map<std::string, LatestRun> latest_runs(std::list<StatusReader>& readers) {
  std::map<std::string, LatestRun> runs;
  for (StatusReader& reader : readers) {
    for (const journal::RunRow& row : reader.journal().latest_runs()) {
      const auto known = runs.find(row.plan);
      if (known != runs.end() && known->second.row.started_at >= row.started_at) continue;
      runs[row.plan] = {row, reader.journal().steps(row.id), reader.is_held(row)};
    }
  }
  return runs;
}

/// Has a plan of another id the steps of this run, as they ran?
bool is_same_plan(const plan::Plan& plan, const LatestRun& run) {
  if (plan.checksum == run.row.plan_checksum) return true;
  const runner::Record record = runner::record_of(plan, run.steps);
  return !run.steps.empty() && record.gone.empty() && runner::changes_since(plan, record).empty();
}

std::string words_of(const runner::StepChange& change, const plan::Plan& plan) {
  const std::string& title = change.step ? plan.steps[*change.step].title : change.row->title;
  switch (change.change) {
    case runner::Change::edited:
      return title + ": edited";
    case runner::Change::removed:
      return title + ": removed";
    case runner::Change::added:
      return title + ": new, before a finished step";
    case runner::Change::moved:
      return title + ": moved";
  }
  return title;
}

void hold_against(const plan::Plan& plan, const LatestRun& run, PlanStatus& status) {
  status.run = run.row.id;
  status.status = run.row.status;
  status.started = run.row.started_at;
  status.finished = run.row.finished_at;
  if (run.row.status == event::RunState::rolled_back) {
    status.state = PlanState::rolled_back;
    return;
  }
  const runner::Record record = runner::record_of(plan, run.steps);
  bool stands = !record.gone.empty();
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    if (event::is_finished(record.status(i))) --status.pending;
    stands = stands || event::is_finished(record.status(i)) || event::is_standing(record.status(i));
  }
  for (const runner::StepChange& change : runner::changes_since(plan, record))
    if (change.stands || change.change == runner::Change::added)
      status.edited.push_back(words_of(change, plan));
  status.state = run.held                                          ? PlanState::running
                 : run.row.status == event::RunState::rolling_back ? PlanState::rolling_back
                 : !status.renamed_from.empty()                    ? PlanState::renamed
                 : !status.edited.empty()                          ? PlanState::edited
                 : status.pending == 0                             ? PlanState::applied
                 : stands                                          ? PlanState::partly
                                                                   : PlanState::pending;
}

class Folder {
 public:
  Folder(const Context& context, std::list<StatusReader>& readers)
      : context_(context), runs_(latest_runs(readers)) {}

  std::vector<PlanStatus> read(const std::string& folder) {
    for (const std::string& path : lua_files(folder))
      if (has_plan(path)) load(path);
    if (plans_.empty()) {
      throw Error{Code::usage, "there is no plan in {}", folder}.hint(
          "A plan is a file that ends in .lua and returns plan \"…\" { … }.");
    }
    for (std::size_t i = 0; i < plans_.size(); ++i)
      if (loaded_[i]) take_by_id(*loaded_[i], plans_[i]);
    for (std::size_t i = 0; i < plans_.size(); ++i)
      if (loaded_[i] && plans_[i].run.empty()) take_renamed(*loaded_[i], plans_[i]);
    for (const auto& [id, run] : runs_)
      if (!run.taken) add_unknown(run);
    return std::move(plans_);
  }

 private:
  void load(const std::string& path) {
    PlanStatus status;
    status.path = path;
    std::optional<script::LoadedPlan> loaded;
    try {
      loaded = script::load_plan(path, load_options(context_));
      const plan::Plan& plan = loaded->plan;
      status.plan = plan.id;
      status.of = status.pending = static_cast<std::int64_t>(plan.steps.size());
      status.state = plan.steps.empty() ? PlanState::no_steps : PlanState::pending;
      const auto [first, fresh] = paths_.emplace(plan.id, path);
      if (!fresh)
        throw Error{Code::plan_invalid, "its id {} is also the id of {}", plan.id, first->second}
            .hint("The journal identifies plans by their id. Give each plan its own id.");
    } catch (const Error& error) {
      if (error.code() == Code::interrupted) throw;
      status.state = PlanState::broken;
      status.error = error;
      loaded.reset();
    }
    plans_.push_back(std::move(status));
    loaded_.push_back(std::move(loaded));
  }

  void take_by_id(const script::LoadedPlan& loaded, PlanStatus& status) {
    const auto run = runs_.find(loaded.plan.id);
    if (run == runs_.end()) return;
    run->second.taken = true;
    hold_against(loaded.plan, run->second, status);
  }

  void take_renamed(const script::LoadedPlan& loaded, PlanStatus& status) {
    for (auto& [id, run] : runs_) {
      if (run.taken || !is_same_plan(loaded.plan, run)) continue;
      run.taken = true;
      status.renamed_from = id;
      return hold_against(loaded.plan, run, status);
    }
  }

  void add_unknown(const LatestRun& run) {
    PlanStatus status;
    status.plan = run.row.plan;
    status.state = PlanState::unknown;
    status.run = run.row.id;
    status.status = run.row.status;
    status.started = run.row.started_at;
    status.finished = run.row.finished_at;
    status.of = run.row.steps.value_or(0);
    status.pending = std::max<std::int64_t>(0, status.of - finished_steps(run.steps));
    plans_.push_back(std::move(status));
  }

  const Context& context_;
  std::map<std::string, LatestRun> runs_;
  std::vector<PlanStatus> plans_;
  std::vector<std::optional<script::LoadedPlan>> loaded_;  // of each of them, where it loads
  std::map<std::string, std::string> paths_;               // by the plan's id
};

}  // namespace

std::vector<PlanStatus> folder_status(const Context& context, const std::string& folder,
                                      std::list<StatusReader>& readers) {
  return Folder{context, readers}.read(folder);
}

int folder_exit(const std::vector<PlanStatus>& plans) {
  const std::vector<std::pair<Exit::Status, std::vector<PlanState>>> table{
      {Exit::misused, {PlanState::broken}},
      {Exit::steps_stand, {PlanState::partly, PlanState::running, PlanState::rolling_back}},
      {Exit::refused, {PlanState::edited, PlanState::renamed}},
      {Exit::waiting, {PlanState::pending, PlanState::rolled_back}}};
  for (const auto& [status, states] : table) {
    for (const PlanStatus& plan : plans)
      if (std::find(states.begin(), states.end(), plan.state) != states.end()) return status;
  }
  return 0;
}

}  // namespace engine::cli
