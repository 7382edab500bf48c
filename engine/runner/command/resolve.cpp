// engine resolve: a person repaired something, and says so.
#include <algorithm>

#include "runner/command/command.h"
#include "runner/runner.h"
#include "runner/step/state.h"

namespace engine::runner {
namespace {

// What the run then is; nothing where it stays what it was.
std::optional<event::RunState> status_then(const journal::Loaded& loaded, const plan::Plan& plan,
                                           std::size_t step, event::StepState state) {
  Record record = record_of(plan, loaded.steps);
  if (!record.rows[step]) record.rows[step].emplace();
  record.rows[step]->status = state;
  const auto every = [&](auto holds) {
    return std::all_of(record.rows.begin(), record.rows.end(), [&](const auto& row) {
      return holds(row ? row->status : event::StepState::pending);
    });
  };
  if (loaded.run->status == event::RunState::rolling_back) {
    const bool nothing_stands =
        every([](event::StepState status) { return !is_standing(status); }) &&
        std::none_of(record.gone.begin(), record.gone.end(),
                     [](const journal::StepRow& row) { return is_standing(row.status); });
    return nothing_stands ? std::optional{event::RunState::rolled_back} : std::nullopt;
  }
  if (every(event::is_finished)) return event::RunState::done;
  return loaded.run->status == event::RunState::done ? std::optional{event::RunState::stopped}
                                                     : std::nullopt;
}

// Does the journal say so already?
bool is_told(event::StepState status, Resolution resolution) {
  return resolution == Resolution::done ? is_finished(status) : !is_standing(status);
}

void tell_journal(CommandFrame& command, const std::string& name, Resolution resolution) {
  Context& context = command.context;
  const plan::Plan& plan = context.plan;
  const std::size_t step = find_step(plan, name);
  context.link.lock(context.options.lock_patience);
  context.link.open_journal(context.options.schema, true);
  const journal::Loaded loaded = command.load();
  if (!loaded.run || loaded.run->status == event::RunState::rolled_back) {
    throw Error{Code::refused, "plan {} has no run on {} to resolve a step of", plan.id,
                context.options.target}
        .hint("engine status lists the runs.");
  }
  command.refuse_other_server(*loaded.run);
  const Record record = record_of(plan, loaded.steps);
  command.tell_start(plan, record, loaded.run->id, true);
  if (record.status(step) == event::StepState::skipped) {
    throw Error{Code::refused, "step \"{}\" was skipped in run {}: there is nothing to resolve",
                plan.steps[step].title, loaded.run->id}
        .hint("A skipped step stays skipped in its run.");
  }
  if (is_told(record.status(step), resolution))
    return command.succeed(event::Ending::nothing_to_do);
  command.refuse_ended_meanwhile();

  std::optional<journal::RunRow> taken;
  command.take_up(plan.id, &loaded.run, taken, [&] {
    context.link.open_journal(context.options.schema, false);
    std::int64_t epoch = 0;
    context.link.queue().add(
        context.link.journal().take_epoch(loaded.run->id),
        [&](const db::Answer& answer) { epoch = answer.result.integer(0, "epoch"); });
    context.flush();
    context.link.adopt(loaded.run->id, epoch);
  });

  const journal::Journal& journal = context.link.journal();
  Done done;
  done.reason = "told by the operator";
  const Job job = job_of(plan, step);
  const event::StepState state =
      after(record.status(step),
            resolution == Resolution::done ? StepEvent::was_told_done : StepEvent::was_told_undone);
  std::vector<db::Command> commands{
      journal.record_resolution(row_of(job, loaded.run->id, state, done))};
  const std::optional<event::RunState> then = status_then(loaded, plan, step, state);
  if (then) commands.push_back(journal.finish_run(loaded.run->id, *then));
  context.write(commands);
  context.emitter.emit(event::StepFinished{
      job.id, job.title, job.phase,
      resolution == Resolution::done ? event::StepStatus::done : event::StepStatus::rolled_back, 0,
      std::nullopt, done.reason, std::nullopt});
  const bool goes_on = then != event::RunState::done && then != event::RunState::rolled_back;
  if (goes_on)
    command.follow_with(loaded.run->status == event::RunState::rolling_back ? "rollback" : "run");
  command.succeed(event::Ending::done);
}

}  // namespace

event::RunFinished resolve(const plan::Plan& plan, const std::string& step, Resolution resolution,
                           db::Connection connection, const RunOptions& options,
                           const RunEnvironment& host) {
  CommandFrame command{plan, std::move(connection), options, host, event::Mode::resolve};
  return command.execute([&] { tell_journal(command, step, resolution); });
}

}  // namespace engine::runner
