// engine run: a new run, or the rest of one.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/interrupt.h"
#include "base/text.h"
#include "runner/command/command.h"
#include "runner/command/needs.h"
#include "runner/command/open_inputs.h"
#include "runner/runner.h"
#include "runner/session/failover.h"
#include "runner/step/grammar.h"
#include "runner/step/performer.h"

namespace engine::runner {
namespace {

constexpr const char* witnessed = "approved";  // of the journal's event

constexpr const char* not_asked =
    "not asked";  // an input that a flag gave, and `when` did not want

std::string event_of(const std::string& input, const std::string& value) {
  return nlohmann::json{{"input", input}, {"value", value}}.dump();
}

std::string event_of(const RunGuard& witness) {
  return nlohmann::json{{"approval", witness.name()}}.dump();
}

class Run {
 public:
  explicit Run(CommandFrame& command)
      : command_(command), context_(command.context), plan_(command.context.plan) {}

  void operator()();

 private:
  void refuse_unfinished_rollback() const;
  bool has_pending() const;
  void prepare();
  void recall(const std::vector<journal::StepRow>& steps);
  void begin();
  void adopt();
  std::string catalog_now();
  void compare_with_start(const std::string& run);
  void perform_all();
  Item item_of(std::size_t step) const;
  bool is_atomic(std::size_t step) const;
  std::size_t unit_end(std::size_t first) const;
  void tell_phase(std::size_t step);

  CommandFrame& command_;
  Context& context_;
  const plan::Plan& plan_;
  std::optional<journal::RunRow> known_;  // the plan's latest run, as it was read
  std::optional<journal::RunRow> row_;    // of the run that is resumed
  std::vector<journal::ToldRow> told_;
  Record record_;
  int phase_ = -1;
};

void Run::operator()() {
  context_.link.lock(context_.options.lock_patience);
  context_.link.open_journal(context_.options.schema, true);
  journal::Loaded loaded = context_.link.journal().load(plan_.id);
  known_ = std::move(loaded.run);
  told_ = std::move(loaded.told);
  if (known_ && known_->status != event::RunState::rolled_back) row_ = known_;
  record_ = record_of(plan_, row_ ? loaded.steps : std::vector<journal::StepRow>{});
  if (row_) record_.files = std::move(loaded.files);
  command_.tell_start(plan_, record_, row_ ? row_->id : "", row_.has_value());
  if (row_) {
    refuse_unfinished_rollback();
    recall(loaded.steps);
    refuse_drift(plan_, record_, context_.options.accept_edits);
    if (row_->status == event::RunState::done && !has_pending())
      return command_.succeed(event::Ending::nothing_to_do);
  }
  command_.refuse_ended_meanwhile();
  if (row_) command_.refuse_other_server(*row_);
  prepare();
  command_.take_up(plan_.id, &known_, row_, [this] { begin(); });
  adopt();
  perform_all();
  context_.write({context_.link.journal().finish_run(context_.link.run(), event::RunState::done)});
  command_.succeed(event::Ending::done);
}

// What the run was told stays told.
void Run::recall(const std::vector<journal::StepRow>& steps) {
  const auto is_own = [](const plan::Input& input) { return !input.at_rollback; };
  const bool edited = row_->plan_checksum != plan_.checksum;
  KeptInputs kept = kept_inputs_of(row_->inputs);
  const std::set<std::string> open = reopen_inputs(context_, *row_, steps, Moment::run, kept);
  context_.inputs.recall(kept, [&](const plan::Input& input) {
    return !edited && input.when && is_own(input) && !open.contains(input.name);
  });
  context_.inputs.refuse_other_answers(
      is_own, [this](const std::string& name, const std::string& value) {
        return context_.link.journal().has_event(row_->id, not_asked, event_of(name, value));
      });
  for (const journal::ToldRow& told : told_) {
    const auto step =
        std::find_if(plan_.steps.begin(), plan_.steps.end(),
                     [&](const plan::Step& declared) { return declared.id == told.step; });
    if (told.in_rollback || step == plan_.steps.end()) continue;
    const auto index = static_cast<std::size_t>(step - plan_.steps.begin());
    if (is_finished(record_.status(index))) context_.questions.recall(told.name, told.answer);
  }
  context_.session.set_state(row_->state);
  context_.recorded_state = row_->state;
}

void Run::refuse_unfinished_rollback() const {
  if (row_->status != event::RunState::rolling_back) return;
  throw Error{Code::refused, "the rollback of run {} is not finished", row_->id}.hint(
      "engine rollback " + context_.options.arguments + " continues it.");
}

bool Run::has_pending() const {
  for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
    if (!is_finished(record_.status(i))) return true;
  }
  return false;
}

void Run::prepare() {
  refuse_unknown_sql(plan_, context_.link.connection().server_version());
  if (!row_) check_needs(context_);
  std::vector<Missing> missing = command_.ask_inputs(
      context_.inputs, [](const plan::Input& input) { return !input.at_rollback; });
  std::int64_t pending = 0;
  for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
    if (is_finished(record_.status(i))) continue;
    ++pending;
    if (context_.questions.interactive()) continue;
    for (Missing& each : unanswered(context_.questions, job_of(plan_, i)))
      missing.push_back(std::move(each));
  }
  const std::string question =
      fmt::format("{} {} of \"{}\" on {}?", row_ ? "Run the remaining" : "Run",
                  text::counted(pending, "step"), plan_.title, context_.options.target);
  if (pending > 0 && !context_.questions.interactive() &&
      !context_.questions.known({"run", question, event::Ask::Kind::confirm, {}, std::nullopt})) {
    missing.push_back({"--yes", question});
  }
  command_.refuse_missing(missing);
  if (RunGuard* const witness = context_.host.witness) {
    const bool continued =
        row_ && !witness->name().empty() &&
        context_.link.journal().has_event(row_->id, witnessed, event_of(*witness));
    witness->begins(context_.link.connection(), {context_.inputs, context_.questions, continued});
  }
  if (!row_) check_condition(context_);
  if (pending > 0) command_.ask_first("run", question);
}

void Run::begin() {
  context_.link.open_journal(context_.options.schema, false);
  journal::Journal& journal = context_.link.journal();
  StatementBatch& queue = context_.link.queue();
  const auto steps = static_cast<std::int64_t>(plan_.steps.size());
  std::string id;
  std::int64_t epoch = 0;
  if (row_) {
    id = row_->id;
    queue.add(journal.take_epoch(id),
              [&](const db::Answer& answer) { epoch = answer.result.integer(0, "epoch"); });
    queue.add(journal.finish_run(id, event::RunState::running));
    if (const auto inputs = context_.inputs.changed(row_->inputs))
      queue.add(journal.record_inputs(id, *inputs));
    if (row_->plan_checksum != plan_.checksum) {
      queue.add(journal.record_plan(id, plan_.checksum, plan_.source, steps, plan_.files));
      if (context_.options.accept_edits)
        queue.add(journal.record_event(id, "", "edits accepted", "{}"));
    }
  } else {
    journal::RunRow row;
    row.plan = plan_.id;
    row.plan_checksum = plan_.checksum;
    row.inputs = to_json(context_.inputs.kept());
    row.state = "{}";
    row.steps = steps;
    queue.add(journal.begin_run(row, plan_.source, catalog_now(), plan_.files),
              [&](const db::Answer& answer) {
                id = answer.result.text(0, "id");
                epoch = answer.result.integer(0, "epoch");
              });
  }
  add_timeline(context_, id);
  context_.flush();
  if (const RunGuard* witness = context_.host.witness; witness && !witness->name().empty())
    queue.add(journal.record_event(id, "", witnessed, event_of(*witness)));
  for (const auto& [name, value] : context_.inputs.not_asked())
    queue.add(journal.record_event(id, "", not_asked, event_of(name, value)));
  context_.flush();
  context_.link.adopt(id, epoch);
}

void Run::adopt() {
  const std::string& id = context_.link.run();
  context_.emitter.run_is(id);
  if (row_ && plan_.compares_with_start) compare_with_start(id);
  for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
    if (!is_standing(record_.status(i))) continue;
    context_.standing.insert(plan_.steps[i].id);
    if (!is_finished(record_.status(i))) context_.unfinished.insert(plan_.steps[i].id);
  }
  command_.begin();
}

// Looked at before the run is journaled, and kept with it in one statement: a run that stands has
// it.
std::string Run::catalog_now() {
  if (!plan_.compares_with_start) return "";
  const verify::CatalogHashes picture =
      verify::catalog_hashes_of(context_.link.connection(), context_.link.journal().schema());
  context_.session.catalog_was(picture);
  return verify::to_json(picture);
}

// Of a run that was copied to a preview's shadow what is compared begins there.
void Run::compare_with_start(const std::string& run) {
  context_.recall_catalog(run);
  const verify::CatalogHashes* start = context_.session.catalog_at_start();
  if (start == nullptr || !start->empty()) return;
  context_.link.queue().add(context_.link.journal().record_catalog(run, catalog_now()));
  context_.flush();
}

Item Run::item_of(std::size_t step) const {
  Item item;
  item.job = job_of(plan_, step);
  item.before = record_.status(step);
  item.edited = record_.rows[step] && record_.rows[step]->checksum != item.job.checksum;
  item.atomic = is_atomic(step);
  const bool outside = plan_.steps[step].transaction != plan::TransactionMode::one;
  item.work_stands = item.before == event::StepState::unverified;
  item.resumed = outside && item.before == event::StepState::intent;
  return item;
}

bool Run::is_atomic(std::size_t step) const {
  const int phase = plan_.steps[step].phase;
  return plan_.atomic || (phase >= 0 && plan_.phases[static_cast<std::size_t>(phase)].atomic);
}

// One step, or the rest of an atomic plan or phase.
std::size_t Run::unit_end(std::size_t first) const {
  const int phase = plan_.steps[first].phase;
  std::size_t end = first + 1;
  if (!is_atomic(first)) return end;
  while (end < plan_.steps.size() && !is_finished(record_.status(end)) &&
         (plan_.atomic || plan_.steps[end].phase == phase)) {
    ++end;
  }
  return end;
}

void Run::tell_phase(std::size_t step) {
  const int phase = plan_.steps[step].phase;
  if (phase == phase_) return;
  phase_ = phase;
  if (phase >= 0)
    context_.emitter.emit(event::PhaseStarted{plan_.phases[static_cast<std::size_t>(phase)].title});
}

void Run::perform_all() {
  Performer performer{context_};
  for (std::size_t first = 0; first < plan_.steps.size();) {
    if (is_finished(record_.status(first))) {
      ++first;
      continue;
    }
    interrupt::check();
    const std::size_t end = unit_end(first);
    tell_phase(first);
    std::vector<Item> unit;
    for (std::size_t step = first; step < end; ++step) unit.push_back(item_of(step));
    performer.perform(std::move(unit));
    first = end;
  }
}

}  // namespace

event::RunFinished run(const plan::Plan& plan, db::Connection connection, const RunOptions& options,
                       const RunEnvironment& host) {
  CommandFrame command{plan, std::move(connection), options, host, event::Mode::run};
  return command.execute([&] { Run{command}(); });
}

}  // namespace engine::runner
