// engine task: a routine of a plan, outside its sequence.
#include <algorithm>

#include "base/text.h"
#include "runner/command/command.h"
#include "runner/runner.h"
#include "runner/step/performer.h"

namespace engine::runner {
namespace {

const plan::Task& find_task(const plan::Plan& plan, const std::string& name) {
  std::vector<std::string> known;
  for (const plan::Task& task : plan.tasks) {
    if (task.id == name || task.title == name) return task;
    known.push_back(task.id);
  }
  throw Error{Code::usage, "plan {} has no task \"{}\"{}", plan.id, name,
              text::did_you_mean(name, known)}
      .hint(known.empty() ? "The plan has no tasks." : "Its tasks: " + text::listed(known) + ".");
}

// SQL alone has no way to speak of inputs or state.
bool calls_functions(const plan::Task& task) {
  const bool asks = std::any_of(task.inputs.begin(), task.inputs.end(),
                                [](const plan::Input& input) { return bool{input.when}; });
  return task.when || task.confirm || !task.verify.empty() || asks ||
         std::any_of(task.run.begin(), task.run.end(), [](const plan::Action& action) {
           return std::holds_alternative<plan::Function>(action);
         });
}

class TaskRun {
 public:
  TaskRun(CommandFrame& command, const std::string& name)
      : command_(command),
        context_(command.context),
        task_(find_task(context_.plan, name)),
        declared_(declared()),
        inputs_(declared_, context_.questions) {}

  void operator()();

 private:
  std::vector<plan::Input> declared() const;
  void recall_plan();
  void prepare(const Job& job);
  void begin();

  CommandFrame& command_;
  std::optional<journal::RunRow> begun_;  // that was begun, though the answer was lost

  Context& context_;
  const plan::Task& task_;
  const std::vector<plan::Input> declared_;  // of the task, then of the plan
  Inputs inputs_;
};

std::vector<plan::Input> TaskRun::declared() const {
  std::vector<plan::Input> all = task_.inputs;
  for (const plan::Input& input : context_.plan.inputs) {
    const bool hidden = std::any_of(all.begin(), all.end(),
                                    [&](const plan::Input& own) { return own.name == input.name; });
    if (!hidden) all.push_back(input);
  }
  return all;
}

void TaskRun::operator()() {
  Job job = job_of(task_);
  job.journaled = !only_reads(task_);
  context_.session.use(inputs_);
  command_.start({context_.plan.id,
                  task_.title,
                  context_.options.target,
                  event::Mode::task,
                  {{task_.id, task_.title, ""}},
                  false});
  if (job.journaled) {
    context_.link.lock(context_.options.lock_patience);
    command_.refuse_ended_meanwhile();
  }
  recall_plan();
  prepare(job);
  if (job.journaled) {
    command_.take_up(context_.plan.id + ":" + task_.id, nullptr, begun_, [this] { begin(); });
    context_.emitter.run_is(context_.link.run());
    command_.begin();
  }
  Item item;
  item.job = job;
  Performer{context_}.perform({item});
  if (job.journaled)
    context_.write(
        {context_.link.journal().finish_run(context_.link.run(), event::RunState::done)});
  command_.succeed(event::Ending::done);
}

// A task may speak of the inputs and the state that the plan ran with.
void TaskRun::recall_plan() {
  if (!calls_functions(task_)) return;
  context_.link.open_journal(context_.options.schema, true);
  const std::optional<journal::RunRow> run = context_.link.journal().latest(context_.plan.id);
  if (!run) return;
  KeptInputs kept = kept_inputs_of(run->inputs);
  for (const plan::Input& own : task_.inputs) {
    kept.values.erase(own.name);
    kept.secrets.erase(own.name);
  }
  inputs_.recall(kept, [](const plan::Input&) { return false; });
  context_.session.set_state(run->state);
  context_.recorded_state = run->state;
}

void TaskRun::prepare(const Job& job) {
  const auto is_own = [this](const plan::Input& input) {
    return std::any_of(task_.inputs.begin(), task_.inputs.end(),
                       [&](const plan::Input& own) { return own.name == input.name; });
  };
  std::vector<Missing> missing = command_.ask_inputs(inputs_, is_own, job);
  if (!context_.questions.interactive()) {
    for (Missing& each : unanswered(context_.questions, job)) missing.push_back(std::move(each));
  }
  command_.refuse_missing(missing);
}

void TaskRun::begin() {
  context_.link.open_journal(context_.options.schema, false);
  journal::RunRow row;
  row.plan = context_.plan.id + ":" + task_.id;
  row.plan_checksum = task_.checksum;
  row.inputs = to_json(inputs_.kept());
  row.state = context_.session.state();
  std::string id;
  std::int64_t epoch = 0;
  const journal::Journal& journal = context_.link.journal();
  if (begun_) {
    id = begun_->id;
    context_.link.queue().add(journal.take_epoch(id), [&](const db::Answer& answer) {
      epoch = answer.result.integer(0, "epoch");
    });
  } else {
    context_.link.queue().add(journal.begin_run(row, context_.plan.source),
                              [&](const db::Answer& answer) {
                                id = answer.result.text(0, "id");
                                epoch = answer.result.integer(0, "epoch");
                              });
  }
  context_.flush();
  context_.link.adopt(id, epoch);
}

}  // namespace

bool only_reads(const plan::Task& task) {
  return std::all_of(task.run.begin(), task.run.end(), [](const plan::Action& action) {
    const auto* block = std::get_if<plan::SqlBlock>(&action);
    return block != nullptr && std::all_of(block->statements.begin(), block->statements.end(),
                                           [](const sql::Statement& statement) {
                                             return statement.effect == sql::Effect::reads;
                                           });
  });
}

event::RunFinished task(const plan::Plan& plan, const std::string& name, db::Connection connection,
                        const RunOptions& options, const RunEnvironment& host) {
  CommandFrame command{plan, std::move(connection), options, host, event::Mode::task};
  return command.execute([&] { TaskRun{command, name}(); });
}

}  // namespace engine::runner
