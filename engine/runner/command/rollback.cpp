// engine rollback: what the journal says was done, undone in reverse.
#include <algorithm>
#include <memory>

#include "base/interrupt.h"
#include "base/text.h"
#include "runner/command/command.h"
#include "runner/command/kept_texts.h"
#include "runner/command/open_inputs.h"
#include "runner/runner.h"
#include "runner/session/failover.h"
#include "runner/step/index_repair.h"
#include "runner/step/kept_indexes.h"
#include "runner/step/performer.h"

namespace engine::runner {
namespace {

struct Undoing {
  journal::StepRow row;
  const plan::Plan* plan = nullptr;
  std::size_t step = 0;

  const plan::Rollback& rollback() const { return plan->steps[step].rollback; }
  // Checks, tests and most manual steps did nothing that could be undone.
  bool has_work() const { return !std::holds_alternative<std::monostate>(rollback()); }
};

class RollbackRun {
 public:
  explicit RollbackRun(CommandFrame& command)
      : command_(command), context_(command.context), plan_(command.context.plan) {}

  void operator()();

 private:
  void choose();
  bool is_chosen(const journal::StepRow& row) const;
  Undoing locate(const journal::StepRow& row);
  void refuse_impossible() const;
  std::string resolve_command(const journal::StepRow& row) const;
  void tell_nothing() const;
  void recall();
  void prepare();
  void begin();
  void adopt();
  bool compares_with_start() const;
  void undo_all();
  void keep_indexes_of(const Undoing& undoing);
  void finish();

  CommandFrame& command_;
  Context& context_;
  const plan::Plan& plan_;
  std::optional<KeptTexts> kept_;  // --as-run
  journal::RunRow row_;
  std::optional<journal::RunRow> taken_;  // as it is after a lost connection
  std::vector<journal::StepRow> steps_;
  std::vector<journal::ToldRow> told_;
  std::vector<journal::FileRow> files_;  // that steps read by computed names
  std::vector<Undoing> chosen_;          // last first
  std::vector<Undoing> without_work_;
  std::size_t standing_ = 0;  // steps that stand, chosen or not
};

std::int64_t position_of(const plan::Plan& plan, const std::vector<journal::StepRow>& rows,
                         std::size_t step) {
  for (const journal::StepRow& row : rows) {
    if (row.step == plan.steps[step].id) return row.position;
  }
  return static_cast<std::int64_t>(step);
}

std::optional<int> find_phase(const plan::Plan& plan, const std::string& name) {
  for (std::size_t i = 0; i < plan.phases.size(); ++i) {
    if (plan.phases[i].title == name || plan.phases[i].id == name) return static_cast<int>(i);
  }
  return std::nullopt;
}

// The last step that --to leaves done.
std::size_t last_kept(const plan::Plan& plan, const std::string& to) {
  const std::optional<int> phase = find_phase(plan, to);
  if (!phase) return find_step(plan, to);
  std::size_t last = 0;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    if (plan.steps[i].phase == *phase) last = i;
  }
  return last;
}

int phase_named(const plan::Plan& plan, const std::string& name) {
  if (const std::optional<int> phase = find_phase(plan, name)) return *phase;
  std::vector<std::string> known;
  for (const plan::Phase& phase : plan.phases) known.push_back(phase.title);
  throw Error{Code::usage, "the plan has no phase \"{}\"{}", name, text::did_you_mean(name, known)};
}

void RollbackRun::operator()() {
  context_.link.lock(context_.options.lock_patience);
  context_.link.open_journal(context_.options.schema, true);
  journal::Loaded loaded = command_.load();
  std::optional<journal::RunRow> found = std::move(loaded.run);
  steps_ = std::move(loaded.steps);
  told_ = std::move(loaded.told);
  files_ = std::move(loaded.files);
  const Record record = record_of(plan_, found ? steps_ : std::vector<journal::StepRow>{});
  command_.tell_start(plan_, record, found ? found->id : "",
                      found && found->status == event::RunState::rolling_back);
  if (!found || found->status == event::RunState::rolled_back)
    return command_.succeed(event::Ending::nothing_to_do);
  command_.refuse_ended_meanwhile();
  row_ = std::move(*found);
  command_.refuse_other_server(row_);
  recall();
  choose();
  if (chosen_.empty() && without_work_.empty() && standing_ > 0) {
    tell_nothing();
    return command_.succeed(event::Ending::nothing_to_do);
  }
  refuse_impossible();
  prepare();
  const std::optional<journal::RunRow> known = row_;
  command_.take_up(plan_.id, &known, taken_, [this] { begin(); });
  adopt();
  undo_all();
  finish();
  command_.succeed(chosen_.empty() && without_work_.empty() ? event::Ending::nothing_to_do
                                                            : event::Ending::rolled_back);
}

// What the run was told stays told. Until a rollback has undone something, its own questions are
// open: it may have been refused for the answer.
void RollbackRun::recall() {
  const bool resumed = row_.status == event::RunState::rolling_back;
  const bool edited = row_.plan_checksum != plan_.checksum;
  KeptInputs kept = kept_inputs_of(row_.inputs);
  for (const plan::Input& input : plan_.inputs) {
    if (!input.at_rollback || resumed) continue;
    kept.values.erase(input.name);
    kept.secrets.erase(input.name);
  }
  const std::set<std::string> open = reopen_inputs(context_, row_, steps_, Moment::rollback, kept);
  context_.inputs.recall(kept, [&](const plan::Input& input) {
    return !edited && input.when && (resumed || !input.at_rollback) && !open.contains(input.name);
  });
  if (resumed) {
    context_.inputs.refuse_other_answers([](const plan::Input& input) { return input.at_rollback; },
                                         [](const auto&, const auto&) { return true; });
  }
  for (const journal::ToldRow& told : told_) {
    if (resumed && told.in_rollback) context_.questions.recall(told.name, told.answer);
  }
  context_.session.set_state(row_.state);
  context_.recorded_state = row_.state;
}

void RollbackRun::tell_nothing() const {
  const RunOptions& options = context_.options;
  context_.emitter.emit(event::Note{
      "", options.only
              ? fmt::format("phase \"{}\" has no step to undo", *options.only)
              : fmt::format("no step after \"{}\" is left to undo", options.to.value_or(""))});
}

// What did nothing is written off last, in silence: until then a resumed rollback finds it
// standing.
void RollbackRun::finish() {
  const journal::Journal& journal = context_.link.journal();
  std::vector<db::Command> commands;
  for (Undoing& undoing : without_work_) {
    context_.under_way.insert(undoing.row.step);
    undoing.row.status = event::StepState::rolled_back;
    undoing.row.ms = 0;
    commands.push_back(journal.record_step(undoing.row));
  }
  const bool nothing_stands = standing_ == chosen_.size() + without_work_.size();
  commands.push_back(journal.finish_run(
      row_.id, nothing_stands ? event::RunState::rolled_back : event::RunState::stopped));
  context_.write(std::move(commands));
}

bool RollbackRun::is_chosen(const journal::StepRow& row) const {
  if (context_.options.to) {
    const std::size_t last = last_kept(plan_, *context_.options.to);
    if (row.position <= position_of(plan_, steps_, last)) return false;
  }
  if (context_.options.only) {
    const int phase = phase_named(plan_, *context_.options.only);
    return std::any_of(plan_.steps.begin(), plan_.steps.end(), [&](const plan::Step& step) {
      return step.id == row.step && step.phase == phase;
    });
  }
  return true;
}

// A step is undone by the text that did it: today's where nothing changed, else a kept one, or
// today's all the same, as was asked for.
Undoing RollbackRun::locate(const journal::StepRow& row) {
  const std::string file = edited_file(plan_, files_, row.step);
  const auto same = find_as_run(plan_, row);
  if (same && file.empty()) return {row, same->plan, same->step};
  if (kept_) {
    if (const auto found = kept_->find(row)) return {row, found->plan, found->step};
  }
  for (std::size_t i = 0; i < plan_.steps.size() && context_.options.accept_edits; ++i) {
    if (plan_.steps[i].id == row.step) return {row, &plan_, i};
  }
  Error edited{Code::edited, "step \"{}\" was edited since it ran{}", row.title,
               file.empty() ? "" : ": " + file + ", which the step read then, has changed"};
  if (!kept_) {
    throw edited.hint(
        "Add --as-run to undo with the plan's text as it ran, or --accept-edits to undo with its "
        "current text.");
  }
  throw edited.detail(kept_->problems())
      .hint(
          "The journal keeps no usable text of this step (an SQL file or module of it may have "
          "changed). Undo it by hand, then " +
          resolve_command(row));
}

std::string RollbackRun::resolve_command(const journal::StepRow& row) const {
  return fmt::format("engine resolve {} \"{}\" --undone.", context_.options.arguments, row.step);
}

void RollbackRun::choose() {
  if (context_.options.as_run && context_.host.reload)
    kept_.emplace(context_.link.journal().plan_texts(row_.id), context_.host.reload);
  for (const journal::StepRow& row : steps_) {
    if (!is_standing(row.status)) continue;
    ++standing_;
    if (!is_chosen(row)) continue;
    Undoing undoing = locate(row);
    (undoing.has_work() ? chosen_ : without_work_).push_back(std::move(undoing));
  }
  std::stable_sort(chosen_.begin(), chosen_.end(), [](const Undoing& one, const Undoing& other) {
    return one.row.position > other.row.position;
  });
}

void RollbackRun::refuse_impossible() const {
  for (const Undoing& undoing : chosen_) {
    const auto* impossible = std::get_if<plan::Impossible>(&undoing.rollback());
    if (impossible == nullptr) continue;
    throw Error{Code::impossible, "step \"{}\" cannot be undone: {}", undoing.row.title,
                impossible->why}
        .hint(
            chosen_.front().row.position > undoing.row.position
                ? fmt::format("Add --to \"{}\" to undo only the steps after it.", undoing.row.step)
                : "Undo it by hand, then " + resolve_command(undoing.row))
        .at(undoing.plan->steps[undoing.step].at);
  }
}

void RollbackRun::prepare() {
  std::vector<Missing> missing = command_.ask_inputs(
      context_.inputs, [](const plan::Input& input) { return input.at_rollback; });
  if (chosen_.empty()) return;
  const std::string question = fmt::format(
      "Undo {} of \"{}\" on {}?", text::counted(static_cast<std::int64_t>(chosen_.size()), "step"),
      plan_.title, context_.options.target);
  if (!context_.questions.interactive()) {
    for (const Undoing& undoing : chosen_) {
      for (Missing& each : unanswered(context_.questions, undo_of(*undoing.plan, undoing.step))) {
        missing.push_back(std::move(each));
      }
    }
    if (!context_.questions.known(
            {"rollback", question, event::Ask::Kind::confirm, {}, std::nullopt})) {
      missing.push_back({"--yes", question});
    }
  }
  command_.refuse_missing(missing);
  command_.ask_first("rollback", question);
}

void RollbackRun::begin() {
  context_.link.open_journal(context_.options.schema, false);
  journal::Journal& journal = context_.link.journal();
  std::int64_t epoch = 0;
  context_.link.queue().add(journal.take_epoch(row_.id), [&](const db::Answer& answer) {
    epoch = answer.result.integer(0, "epoch");
  });
  if (const auto inputs = context_.inputs.changed(row_.inputs))
    context_.link.queue().add(journal.record_inputs(row_.id, *inputs));
  // A rollback that is refused before it undid anything leaves a run that can go on.
  if (row_.status != event::RunState::rolling_back)
    context_.announcement = journal.finish_run(row_.id, event::RunState::rolling_back);
  add_timeline(context_, row_.id);
  context_.flush();
  context_.link.adopt(row_.id, epoch);
}

void RollbackRun::adopt() {
  if (compares_with_start()) context_.recall_catalog(row_.id);
  for (const journal::StepRow& row : steps_) {
    if (is_standing(row.status)) context_.standing.insert(row.step);
  }
  command_.begin();
}

bool RollbackRun::compares_with_start() const {
  return std::any_of(chosen_.begin(), chosen_.end(),
                     [](const Undoing& undoing) { return undoing.plan->compares_with_start; });
}

void RollbackRun::undo_all() {
  Performer performer{context_};
  int number = 0;
  for (const Undoing& undoing : chosen_) {
    interrupt::check();
    Item item;
    item.job = undo_of(*undoing.plan, undoing.step);
    item.job.number = ++number;
    item.job.of = static_cast<int>(chosen_.size());
    item.before = undoing.row.status;
    item.resumed = row_.status == event::RunState::rolling_back &&
                   item.job.transaction != plan::TransactionMode::one;
    keep_indexes_of(undoing);
    performer.perform({item});
  }
}

// Outside a transaction a step may have failed over an index of somebody else's, and stands all the
// same. One that was found done is undone whole.
void RollbackRun::keep_indexes_of(const Undoing& undoing) {
  context_.session.replace_with({});
  const bool outside = undoing.plan->steps[undoing.step].transaction != plan::TransactionMode::one;
  if (!outside || undoing.row.status == event::StepState::found_done) return;
  const journal::Journal& journal = context_.link.journal();
  const History history = history_of(journal.step_events(row_.id, undoing.row.step));
  if (undoing.row.status == event::StepState::intent) drop_left_by_reindex(context_, history);
  const bool partly = undoing.row.status != event::StepState::done &&
                      undoing.row.status != event::StepState::unverified;
  const auto kept = std::make_shared<KeptIndexes>(context_, history, partly);
  context_.session.replace_with(
      [kept](const sql::Statement& statement) { return kept->left_of(statement); });
}

}  // namespace

event::RunFinished rollback(const plan::Plan& plan, db::Connection connection,
                            const RunOptions& options, const RunEnvironment& host) {
  CommandFrame command{plan, std::move(connection), options, host, event::Mode::rollback};
  return command.execute([&] { RollbackRun{command}(); });
}

}  // namespace engine::runner
