// engine verify: the checks of finished steps, again, read only.
#include "base/text.h"
#include "base/time.h"
#include "runner/command/command.h"
#include "runner/runner.h"
#include "runner/step/verification.h"

namespace engine::runner {
namespace {

std::vector<plan::Check> lasting(const plan::Step& step) {
  std::vector<plan::Check> checks;
  for (const plan::Check& check : step.verify) {
    if (check.kind == plan::CheckKind::check) checks.push_back(check);
  }
  return checks;
}

// Tells of one step's checks and gives how many of them failed.
int repeat(Context& context, std::size_t index, const std::vector<plan::Check>& checks) {
  const Job job = job_of(context.plan, index);
  context.emitter.emit(
      event::StepStarted{job.id, job.title, job.phase, job.kind, job.number, job.of});
  context.session.at_step(job.id);
  const time::Stopwatch watch;
  StatementBatch& queue = context.link.queue();
  queue.add_control("BEGIN TRANSACTION READ ONLY");
  queue.add(context.settings(job, true));
  Verification verification{context.link, context.session, context.emitter, job.id};
  verification.run(checks);
  queue.add_control("ROLLBACK");
  context.flush();

  event::StepFinished finished{
      job.id, job.title, job.phase, event::StepStatus::done, watch.elapsed().count(), {}, "", {}};
  int failed = 0;
  for (const journal::CheckRow& row : verification.rows()) failed += row.ok ? 0 : 1;
  if (failed > 0) {
    finished.status = event::StepStatus::failed;
    try {
      verification.judge();
    } catch (const Error& error) {
      finished.error = error;
    }
  }
  context.emitter.emit(std::move(finished));
  return failed;
}

// Where nothing is done there is nothing that could hold: to say that all is well would mislead.
void refuse_undone(const Context& context, const journal::Loaded& loaded, const Record& record) {
  for (std::size_t i = 0; i < record.rows.size(); ++i) {
    if (is_done(record.status(i))) return;
  }
  std::string message =
      fmt::format("no step of plan {} is done on {}", context.plan.id, context.options.target);
  if (loaded.run && loaded.run->status == event::RunState::rolled_back)
    message += fmt::format(": run {} was rolled back", loaded.run->id);
  if (!loaded.run) message += ": the plan has not run there";
  throw Error{Code::refused, std::move(message)}.hint("engine run " + context.options.arguments +
                                                      " runs it.");
}

void repeat_all(CommandFrame& command) {
  Context& context = command.context;
  const plan::Plan& plan = context.plan;
  context.link.open_journal(context.options.schema, true);
  const journal::Loaded loaded = command.load();
  const Record record = record_of(plan, loaded.steps);
  command.tell_start(plan, record, loaded.run ? loaded.run->id : "", false);
  refuse_undone(context, loaded, record);
  context.inputs.recall(kept_inputs_of(loaded.run->inputs),
                        [](const plan::Input&) { return false; });
  context.session.set_state(loaded.run->state);
  context.link.adopt(loaded.run->id, loaded.run->epoch);
  if (plan.compares_with_start) context.recall_catalog(loaded.run->id);

  int steps = 0;
  int failed = 0;
  std::int64_t open = 0;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    if (!is_finished(record.status(i))) ++open;
    if (!is_done(record.status(i))) continue;
    const std::vector<plan::Check> checks = lasting(plan.steps[i]);
    if (checks.empty()) continue;
    ++steps;
    failed += repeat(context, i, checks);
  }
  if (open > 0) {
    context.session.note(text::counted(open, "step") + (open == 1 ? " is" : " are") +
                         " not done, and not verified");
  }
  if (steps == 0) context.session.note("no finished step has a check that can be repeated");
  if (failed > 0) {
    throw Error{Code::checks_failed, "{} of the finished steps failed",
                failed == 1 ? "a check" : fmt::format("{} checks", failed)};
  }
  command.succeed(steps == 0 ? event::Ending::nothing_to_do : event::Ending::done);
}

}  // namespace

event::RunFinished verify(const plan::Plan& plan, db::Connection connection,
                          const RunOptions& options, const RunEnvironment& host) {
  CommandFrame command{plan, std::move(connection), options, host, event::Mode::verify};
  return command.execute([&] { repeat_all(command); });
}

}  // namespace engine::runner
