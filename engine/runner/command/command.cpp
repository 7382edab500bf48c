#include "runner/command/command.h"

#include "base/interrupt.h"
#include "base/text.h"
#include "base/time.h"
#include "journal/history.h"

namespace engine::runner {
namespace {

event::Ending ending_of(Exit::Status exit) {
  if (exit == Exit::refused) return event::Ending::refused;
  if (exit == Exit::waiting) return event::Ending::waiting;
  if (exit == Exit::interrupted) return event::Ending::interrupted;
  return event::Ending::failed;
}

// Nothing failed: the operator, or a rule, said that it should not go on.
bool is_refusal(const Error& error) {
  return error.code() == Code::interrupted || error.code() == Code::ended ||
         exit_status_of(error.code()) == Exit::refused;
}

std::optional<journal::RunRow> latest_of(Context& context, const std::string& plan) {
  context.link.open_journal(context.options.schema, true);
  const journal::Journal& journal = context.link.journal();
  return context.options.run.empty() ? journal.latest(plan) : journal.run(context.options.run);
}

bool is_same(const std::optional<journal::RunRow>& one, const std::optional<journal::RunRow>& two) {
  return one ? two && one->id == two->id && one->epoch == two->epoch : !two;
}

Error went_on(const std::string& plan) {
  return Error{Code::lock_held,
               "another engine worked on plan {} while this engine's connection was lost", plan}
      .hint(
          "Run engine status to see the finished steps. If you still want this command, give it "
          "again.");
}

Error as_error(const std::exception& problem) {
  return Error{Code::internal, "{}", problem.what()}.hint("Please report this with the plan.");
}

}  // namespace

CommandFrame::CommandFrame(const plan::Plan& plan, db::Connection connection,
                           const RunOptions& options, const RunEnvironment& host, event::Mode mode)
    : context(plan, std::move(connection), options, host), mode_(mode) {}

event::RunFinished CommandFrame::execute(const std::function<void()>& body) {
  const time::Stopwatch watch;
  try {
    body();
  } catch (const Error& error) {
    fail(error);
  } catch (const std::exception& problem) {
    fail(as_error(problem));
  }
  result_.counts = context.emitter.counts();
  // A command is not slower for the time that people think.
  result_.ms = (watch.elapsed() - context.questions.waited()).count();
  context.emitter.emit(result_);
  return result_;
}

journal::Loaded CommandFrame::load() const {
  const journal::Journal& journal = context.link.journal();
  const std::string& id = context.options.run;
  if (id.empty()) return journal.load(context.plan.id);
  journal::Loaded loaded;
  loaded.run = journal.run(id);
  if (!loaded.run || loaded.run->plan != context.plan.id) {
    throw Error{Code::usage, "plan {} has no run {} on this target", context.plan.id, id}.hint(
        "engine status lists the runs.");
  }
  loaded.steps = journal.steps(id);
  loaded.told = journal.told(id);
  loaded.files = journal.files(id);
  return loaded;
}

void CommandFrame::take_up(const std::string& plan, const std::optional<journal::RunRow>* known,
                           std::optional<journal::RunRow>& row,
                           const std::function<void()>& attempt) {
  std::optional<journal::RunRow> expected = known != nullptr ? *known : std::nullopt;
  std::optional<Error> lost;
  int lost_pid = 0;
  for (int losses = 0;;) {
    const int pid = context.link.connection().backend_pid();
    try {
      if (lost) {
        context.reconnect(*lost);
        context.link.refuse_ended();
        const std::optional<journal::RunRow> now = latest_of(context, plan);
        if (now && now->backend_pid == lost_pid) {
          expected = row = now;
        } else if (known != nullptr && !is_same(expected, now)) {
          throw went_on(plan);
        }
        lost.reset();
      }
      return attempt();
    } catch (const Error& error) {
      if (!is_lost(error) || ++losses > reconnections || context.link.gave_up()) throw;
      context.link.queue().forget();
      if (!lost) lost_pid = pid;
      lost = error;
    }
  }
}

void CommandFrame::tell_start(const plan::Plan& plan, const Record& record, const std::string& run,
                              bool resumed) {
  context.emitter.run_is(run);
  event::RunStarted started{plan.id, plan.title, context.options.target, mode_, {}, resumed};
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const plan::Step& step = plan.steps[i];
    const std::string phase =
        step.phase < 0 ? "" : plan.phases[static_cast<std::size_t>(step.phase)].title;
    started.steps.push_back({step.id, step.title, phase, record.status(i)});
  }
  start(std::move(started));
}

void CommandFrame::start(event::RunStarted started) {
  started_ = true;
  context.emitter.emit(std::move(started));
}

void CommandFrame::refuse_ended_meanwhile() {
  const std::string since = context.link.waited_since();
  if (since.empty()) return;
  context.link.open_journal(context.options.schema, true);
  const std::optional<journal::RunRow> run = context.link.journal().ended_since(since);
  if (!run) return;
  throw Error{Code::lock_held,
              "another engine worked on this database and ended run {} of {} while this command "
              "waited; the run is {} now",
              run->id, run->plan, name_of(run->status)}
      .hint(
          "Run engine status to see the finished steps. If you still want this command, give it "
          "again.");
}

void CommandFrame::refuse_other_server(const journal::RunRow& row) const {
  const journal::Server& here = context.link.journal().server();
  if (journal::may_be_same(row.server, here) || context.options.accept_edits) return;
  throw Error{Code::edited, "run {} was started on another database: this journal is a copy",
              row.id}
      .hint(
          "If the data were copied together with the journal, add --accept-edits. Otherwise run "
          "this on the other database.");
}

void CommandFrame::succeed(event::Ending ending) {
  result_.status = ending;
  result_.exit = Exit::done;
  if (mode_ == event::Mode::run && result_.status == event::Ending::done)
    result_.next = context.plan.next;
}

Exit::Status CommandFrame::exit_of(const Error& error) const {
  if (error.code() == Code::interrupted || error.code() == Code::waiting)
    return exit_status_of(error.code());
  if (!begun_) return exit_status_of(error.code());
  if (error.code() == Code::ended)
    return context.standing.empty() ? Exit::failed : Exit::steps_stand;
  const bool goes_forward = mode_ == event::Mode::run || mode_ == event::Mode::task;
  if (goes_forward && !context.standing.empty()) return Exit::steps_stand;
  const bool refused = exit_status_of(error.code()) == Exit::refused;
  if (mode_ == event::Mode::rollback && !refused && !is_lost(error)) return Exit::rollback_failed;
  return exit_status_of(error.code());
}

void CommandFrame::fail(const Error& error) {
  // Who was refused wants to know where. A slip at the keyboard has no target.
  if (!started_ && error.code() != Code::usage)
    start({context.plan.id, context.plan.title, context.options.target, mode_, {}, false});
  result_.exit = exit_of(error);
  result_.status = ending_of(result_.exit);
  result_.error = error;
  result_.support = context.plan.support;
  if (begun_ && mode_ == event::Mode::run) {
    result_.next = typed("run");
    if (!context.standing.empty()) result_.undo = typed("rollback");
    result_.none_finished = context.unfinished.size() == context.standing.size();
  }
  if (begun_ && mode_ == event::Mode::rollback) result_.next = typed("rollback");
  if (error.code() == Code::interrupted) context.link.hurry();
  interrupt::clear();
  context.link.abandon();
  if (!begun_ || context.link.run().empty()) return;
  record_end(error, run_state_after(error));
}

std::optional<event::RunState> CommandFrame::run_state_after(const Error& error) const {
  if (mode_ == event::Mode::rollback) return std::nullopt;
  if (error.code() == Code::waiting) return event::RunState::waiting;
  return is_refusal(error) ? event::RunState::stopped : event::RunState::failed;
}

void CommandFrame::record_end(const Error& error, std::optional<event::RunState> status) {
  const journal::Journal& journal = context.link.journal();
  const std::string& run = context.link.run();
  const std::string step = context.session.step_id();
  std::vector<db::Command> commands;
  if (error.code() != Code::waiting)
    commands.push_back(journal::record_failure(journal, run, step, error));
  // What it has done stands, so what it has read counts.
  if (context.standing.contains(step) && mode_ != event::Mode::task)
    commands.push_back(journal::record_inputs_read(
        journal, run, step, mode_ == event::Mode::rollback, context.session.inputs_read(step)));
  if (status) commands.push_back(journal.finish_run(run, *status));
  // Without a connection a rollback has nothing to say that is worth waiting for another one.
  if (commands.empty() || (!status && is_lost(error))) return;
  try {
    context.write(commands);
  } catch (const Error&) {
    // Its steps say the truth; a run without an end is one that `run` resumes.
  }
}

std::string CommandFrame::typed(const std::string& verb) const {
  const std::string more = verb == "run" ? context.options.run_flags : "";
  return "engine " + verb + " " + context.options.arguments + more;
}

std::vector<Missing> CommandFrame::ask_inputs(Inputs& inputs,
                                              const std::function<bool(const plan::Input&)>& wanted,
                                              const Job& job) {
  return inputs.resolve(wanted, [&](const std::function<bool()>& when) {
    Reading reading{context, job};
    const bool holds = reading.ask(Moment::when, when);
    reading.end();
    return holds;
  });
}

void CommandFrame::refuse_missing(const std::vector<Missing>& missing) {
  if (missing.empty()) return;
  std::vector<std::string> names;
  std::vector<std::string> flags;
  for (const Missing& each : missing) {
    names.push_back(each.what);
    flags.push_back(each.flag);
  }
  throw Error{Code::answer_missing, "{} and nobody can be asked",
              missing.size() == 1 ? "a question has no answer"
                                  : fmt::format("{} questions have no answer", missing.size())}
      .detail(text::joined(names, "\n"))
      .hint("Give " + text::joined(flags, "  ") + ", or an answers file (--answers FILE).");
}

void CommandFrame::ask_first(const std::string& name, const std::string& text) {
  context.questions.confirm(name, text);
}

std::vector<Missing> unanswered(const Questions& questions, const Job& job) {
  std::vector<Missing> missing;
  if (job.confirm != nullptr && *job.confirm &&
      !questions.known(
          {job.confirm_name, job.title, event::Ask::Kind::confirm, {}, std::nullopt})) {
    missing.push_back({fmt::format("--set \"{}\"=yes", job.confirm_name),
                       fmt::format("{}: a confirmation", job.title)});
  }
  if (!job.question.empty() && job.moment == Moment::run &&
      !questions.known({job.id, job.question, event::Ask::Kind::manual, {}, std::nullopt})) {
    missing.push_back(
        {fmt::format("--set \"{}\"=done", job.id), fmt::format("{}: done by hand?", job.title)});
  }
  return missing;
}

}  // namespace engine::runner
