#include "runner/step/job.h"

namespace engine::runner {
namespace {

const char* word_of(plan::StepKind kind) {
  switch (kind) {
    case plan::StepKind::step:
      return "step";
    case plan::StepKind::check:
      return "check";
    case plan::StepKind::test:
      return "test";
    case plan::StepKind::manual:
      return "manual";
  }
  return "";
}

std::string question_of(const plan::Step& step) {
  std::string question = step.ask.empty() ? step.title : step.ask;
  if (!step.why.empty()) question += "\n" + step.why;
  for (const std::string& line : step.list) question += "\n  - " + line;
  return question;
}

Job named(const plan::Plan& plan, std::size_t index) {
  const plan::Step& step = plan.steps[index];
  Job job;
  job.id = job.confirm_name = step.id;
  job.title = step.title;
  if (step.phase >= 0) job.phase = plan.phases[static_cast<std::size_t>(step.phase)].title;
  job.kind = word_of(step.kind);
  if (step.kind == plan::StepKind::manual) job.question = question_of(step);
  job.checksum = step.checksum;
  job.at = step.at;
  job.position = static_cast<std::int64_t>(index);
  job.hints = &step.hints;
  job.lock_timeout = step.lock_timeout;
  job.statement_timeout = step.statement_timeout;
  return job;
}

}  // namespace

Job job_of(const plan::Plan& plan, std::size_t index) {
  const plan::Step& step = plan.steps[index];
  Job job = named(plan, index);
  job.number = static_cast<int>(index) + 1;
  job.of = static_cast<int>(plan.steps.size());
  job.when = &step.when;
  job.done = &step.done;
  job.confirm = &step.confirm;
  job.run = &step.run;
  job.verify = &step.verify;
  job.transaction = step.transaction;
  return job;
}

Job undo_of(const plan::Plan& plan, std::size_t index) {
  const plan::Step& step = plan.steps[index];
  Job job = named(plan, index);
  // A step may be confirmed too, and a manual one is answered by its id.
  job.confirm_name = plan.steps[index].id + ":rollback";
  job.moment = Moment::rollback;
  if (const auto* undo = std::get_if<plan::Undo>(&step.rollback)) {
    if (undo->at) job.at = undo->at;
    job.confirm = &undo->confirm;
    job.run = &undo->run;
    job.verify = &undo->verify;
    job.transaction = undo->transaction.value_or(step.transaction);
  }
  return job;
}

Job job_of(const plan::Task& task) {
  Job job;
  job.id = job.confirm_name = task.id;
  job.title = task.title;
  job.kind = "task";
  job.number = job.of = 1;
  job.checksum = task.checksum;
  job.at = task.at;
  job.when = &task.when;
  job.confirm = &task.confirm;
  job.run = &task.run;
  job.verify = &task.verify;
  job.transaction = task.transaction;
  job.moment = Moment::task;
  job.shows_rows = true;
  return job;
}

journal::StepRow row_of(const Job& job, const std::string& run, event::StepState status,
                        const Done& done) {
  journal::StepRow row;
  row.run = run;
  row.step = job.id;
  row.title = job.title;
  row.position = job.position;
  row.status = status;
  row.checksum = job.checksum;
  row.reason = done.reason;
  row.rows = done.rows.value_or(0);
  row.ms = done.ms;
  return row;
}

}  // namespace engine::runner
