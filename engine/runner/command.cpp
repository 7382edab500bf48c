#include "runner/command.h"

#include "base/interrupt.h"
#include "base/text.h"
#include "base/time.h"
#include "journal/history.h"

namespace engine::runner {
namespace {

std::string status_of(int exit) {
  switch (exit) {
    case 5:
      return "refused";
    case 9:
      return "waiting";
    case 130:
      return "interrupted";
    default:
      return "failed";
  }
}

// Nothing failed: the operator, or a rule, said that it should not go on.
bool is_refusal(const Error& error) {
  return error.code() == Code::interrupted || error.code() == Code::ended ||
         exit_status_of(error.code()) == exit_status_of(Code::refused);
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
               "another engine worked on plan {} while the connection of this one was lost", plan}
      .hint("engine status shows what stands. Give the command again where you still want it.");
}

Error as_error(const std::exception& problem) {
  return Error{Code::internal, "{}", problem.what()}.hint("Please report this with the plan.");
}

}  // namespace

Command::Command(const Plan& plan, db::Connection connection, const RunOptions& options,
                 const Host& host, Mode mode)
    : context(plan, std::move(connection), options, host), mode_(mode) {}

RunFinished Command::execute(const std::function<void()>& body) {
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

journal::Loaded Command::load() const {
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

void Command::take_up(const std::string& plan, const std::optional<journal::RunRow>* known,
                      std::optional<journal::RunRow>& row, const std::function<void()>& attempt) {
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

void Command::tell_start(const Plan& plan, const Record& record, const std::string& run,
                         bool resumed) {
  context.emitter.run_is(run);
  RunStarted started{plan.id, plan.title, context.options.target, mode_, {}, resumed};
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.steps[i];
    const std::string phase =
        step.phase < 0 ? "" : plan.phases[static_cast<std::size_t>(step.phase)].title;
    const std::string status = record.status(i);
    started.steps.push_back({step.id, step.title, phase, status.empty() ? "pending" : status});
  }
  start(std::move(started));
}

void Command::start(RunStarted started) {
  started_ = true;
  context.emitter.emit(std::move(started));
}

void Command::refuse_ended_meanwhile() {
  const std::string since = context.link.waited_since();
  if (since.empty()) return;
  context.link.open_journal(context.options.schema, true);
  const std::optional<journal::RunRow> run = context.link.journal().ended_since(since);
  if (!run) return;
  throw Error{Code::lock_held,
              "another engine worked on this database, and ended run {} of {} while this command "
              "waited for it: it is {} now",
              run->id, run->plan, run->status}
      .hint("engine status shows what stands. Give the command again where you still want it.");
}

void Command::refuse_other_server(const journal::RunRow& row) const {
  const journal::Server& here = context.link.journal().server();
  if (journal::may_be_same(row.server, here) || context.options.accept_edits) return;
  throw Error{Code::edited, "run {} was begun on another database: this journal is a copy", row.id}
      .hint("Add --accept-edits where the data came here together with it, else work there.");
}

void Command::succeed(std::string status) {
  result_.status = std::move(status);
  result_.exit = 0;
  if (mode_ == Mode::run && result_.status == "done") result_.next = context.plan.next;
}

int Command::exit_of(const Error& error) const {
  if (error.code() == Code::interrupted || error.code() == Code::waiting)
    return exit_status_of(error.code());
  if (!begun_) return exit_status_of(error.code());
  if (error.code() == Code::ended) return context.standing.empty() ? 1 : 3;
  const bool goes_forward = mode_ == Mode::run || mode_ == Mode::task;
  if (goes_forward && !context.standing.empty()) return 3;
  const bool refused = exit_status_of(error.code()) == exit_status_of(Code::refused);
  if (mode_ == Mode::rollback && !refused && !is_lost(error))
    return exit_status_of(Code::rollback_failed);
  return exit_status_of(error.code());
}

void Command::fail(const Error& error) {
  // Who was refused wants to know where. A slip at the keyboard has no target.
  if (!started_ && error.code() != Code::usage)
    start({context.plan.id, context.plan.title, context.options.target, mode_, {}, false});
  result_.exit = exit_of(error);
  result_.status = status_of(result_.exit);
  result_.error = error;
  result_.support = context.plan.support;
  if (begun_ && mode_ == Mode::run) {
    result_.next = typed("run");
    if (!context.standing.empty()) result_.undo = typed("rollback");
    result_.none_finished = context.unfinished.size() == context.standing.size();
  }
  if (begun_ && mode_ == Mode::rollback) result_.next = typed("rollback");
  if (error.code() == Code::interrupted) context.link.hurry();
  interrupt::clear();
  context.link.abandon();
  if (!begun_ || context.link.run().empty()) return;
  // A rollback that did not end stays one: only `rollback` goes on with it.
  record_end(error, mode_ == Mode::rollback         ? ""
                    : error.code() == Code::waiting ? "waiting"
                    : is_refusal(error)             ? "stopped"
                                                    : "failed");
}

void Command::record_end(const Error& error, const std::string& status) {
  const journal::Journal& journal = context.link.journal();
  const std::string& run = context.link.run();
  const std::string step = context.session.step_id();
  std::vector<db::Command> commands;
  if (error.code() != Code::waiting)
    commands.push_back(journal::record_failure(journal, run, step, error));
  // What it has done stands, so what it has read counts.
  if (context.standing.contains(step) && mode_ != Mode::task)
    commands.push_back(journal::record_inputs_read(journal, run, step, mode_ == Mode::rollback,
                                                   context.session.inputs_read(step)));
  if (!status.empty()) commands.push_back(journal.finish_run(run, status));
  // Without a connection a rollback has nothing to say that is worth waiting for another one.
  if (commands.empty() || (status.empty() && is_lost(error))) return;
  try {
    context.write(commands);
  } catch (const Error&) {
    // Its steps say the truth; a run without an end is one that `run` resumes.
  }
}

std::string Command::typed(const std::string& verb) const {
  const std::string more = verb == "run" ? context.options.run_flags : "";
  return "engine " + verb + " " + context.options.arguments + more;
}

std::vector<Missing> Command::ask_inputs(Inputs& inputs,
                                         const std::function<bool(const Input&)>& wanted,
                                         const Job& job) {
  return inputs.resolve(wanted, [&](const std::function<bool()>& when) {
    Reading reading{context, job};
    const bool holds = reading.ask(Moment::when, when);
    reading.end();
    return holds;
  });
}

void Command::refuse_missing(const std::vector<Missing>& missing) {
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

void Command::ask_first(const std::string& name, const std::string& text) {
  context.questions.confirm(name, text);
}

std::vector<Missing> unanswered(const Questions& questions, const Job& job) {
  std::vector<Missing> missing;
  if (job.confirm != nullptr && *job.confirm &&
      !questions.known({job.confirm_name, job.title, Ask::Kind::confirm, {}, std::nullopt})) {
    missing.push_back({fmt::format("--set \"{}\"=yes", job.confirm_name),
                       fmt::format("{}: a confirmation", job.title)});
  }
  if (!job.question.empty() && job.moment == Moment::run &&
      !questions.known({job.id, job.question, Ask::Kind::manual, {}, std::nullopt})) {
    missing.push_back(
        {fmt::format("--set \"{}\"=done", job.id), fmt::format("{}: done by hand?", job.title)});
  }
  return missing;
}

}  // namespace engine::runner
