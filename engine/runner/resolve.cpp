// engine resolve: a person repaired something, and says so.
#include "runner/command.h"
#include "runner/runner.h"

namespace engine::runner {
namespace {

void tell_journal(Command& command, const std::string& name, Resolution resolution) {
  Context& context = command.context;
  const Plan& plan = context.plan;
  const std::size_t step = find_step(plan, name);
  context.link.lock(context.options.lock_patience);
  context.link.open_journal(context.options.schema, true);
  const journal::Loaded loaded = command.load();
  if (!loaded.run || loaded.run->status == "rolled_back") {
    throw Error{Code::refused, "plan {} has no run on {} to resolve a step of", plan.id,
                context.options.target}
        .hint("engine status lists the runs.");
  }
  command.refuse_other_server(*loaded.run);
  const std::string wanted = resolution == Resolution::done ? "done" : "rolled_back";
  const Record record = record_of(plan, loaded.steps);
  command.tell_start(plan, record, loaded.run->id, true);
  if (record.status(step) == wanted) return command.succeed("nothing_to_do");

  context.link.open_journal(context.options.schema, false);
  journal::Journal& journal = context.link.journal();
  std::int64_t epoch = 0;
  context.link.queue().add(journal.take_epoch(loaded.run->id), [&](const db::Answer& answer) {
    epoch = answer.result.integer(0, "epoch");
  });
  context.flush();
  context.link.adopt(loaded.run->id, epoch);

  Done done;
  done.reason = "told by the operator";
  const Job job = job_of(plan, step);
  std::vector<db::Command> commands{
      journal.record_resolution(row_of(job, loaded.run->id, wanted, done))};
  if (loaded.run->status == "done")
    commands.push_back(journal.finish_run(loaded.run->id, "stopped"));
  context.write(commands);
  context.emitter.emit(
      StepFinished{job.id, job.title, job.phase,
                   resolution == Resolution::done ? StepStatus::done : StepStatus::rolled_back, 0,
                   std::nullopt, done.reason, std::nullopt});
  command.follow_with(loaded.run->status == "rolling_back" ? "rollback" : "run");
  command.succeed("done");
}

}  // namespace

RunFinished resolve(const Plan& plan, const std::string& step, Resolution resolution,
                    db::Connection connection, const RunOptions& options, const Host& host) {
  Command command{plan, std::move(connection), options, host, Mode::resolve};
  return command.execute([&] { tell_journal(command, step, resolution); });
}

}  // namespace engine::runner
