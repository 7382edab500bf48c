#include "cli/status_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/plan_changes.h"
#include "cli/status_steps.h"
#include "journal/history.h"

namespace engine::cli {
namespace {

using journal::RunRow;
using journal::StepRow;

/// What to do about a run. With `arguments` the commands stand by themselves, to be copied.
void add_advice(report::RunStatus& status, const std::string& arguments) {
  const std::string plan = arguments.empty() ? " PLAN" : "";
  const std::string resume = "`engine run" + plan + "`", undo = "`engine rollback" + plan + "`";
  const auto say = [&](std::string sentence) { status.advice.push_back(std::move(sentence)); };
  if (status.session && !status.session->orphan) return;
  if (status.plan.find(':') != std::string::npos) {
    if (status.status != event::RunState::done) say("`engine task PLAN NAME` runs it again.");
    return;
  }
  const bool rolling_back = status.status == event::RunState::rolling_back;
  const bool open =
      status.status == event::RunState::running || status.status == event::RunState::failed ||
      status.status == event::RunState::stopped || status.status == event::RunState::waiting;
  if (status.session) {
    say("`engine status --wait` waits until that session ends, `engine status --end` ends it. "
        "Then " +
        (rolling_back ? undo : resume) + " continues.");
  } else if (status.status == event::RunState::running) {
    say("Its engine no longer runs. " + resume +
        " resumes it at the first step that did not commit.");
  } else if (status.status == event::RunState::waiting) {
    say("A manual step is waiting. " + resume + " continues with it.");
  } else if (open) {
    say(resume + " resumes it, " + undo + " undoes it.");
  } else if (rolling_back) {
    say(undo + " continues its rollback.");
  }
  if (arguments.empty()) return;
  if (open) status.next = "engine run " + arguments;
  if (open) status.undo = "engine rollback " + arguments;
  if (rolling_back) status.next = "engine rollback " + arguments;
}

}  // namespace

std::int64_t finished_steps(const std::vector<StepRow>& steps) {
  return std::count_if(steps.begin(), steps.end(),
                       [](const StepRow& step) { return is_done(step.status); });
}

StatusReader::StatusReader(const Server& server, const std::string& schema)
    : server_(server),
      schema_(schema),
      connection_(server.connect(true)),
      journal_(journal::Journal::open(connection_, schema, true)),
      holder_(journal::RunLock::holder(connection_)) {}

std::optional<RunRow> StatusReader::find(const std::string& run) const {
  if (auto exact = journal_.run(run)) return exact;
  const std::vector<RunRow> runs = journal_.runs_from(run);
  if (runs.empty()) return std::nullopt;
  if (runs.size() == 1) return runs.front();
  constexpr std::size_t shown = 10;
  std::vector<std::string> ids;
  for (const RunRow& each : runs)
    if (ids.size() < shown) ids.push_back(each.id + " of " + each.plan);
  if (runs.size() > shown) ids.push_back(fmt::format("and {} more", runs.size() - shown));
  throw Error{Code::usage, "{} runs begin with {}", runs.size(), run}
      .detail(text::joined(ids, "\n"))
      .hint("Give more characters of the run's id.");
}

bool StatusReader::is_held(const RunRow& run) const {
  if (!holder_) return false;
  const bool same_session = holder_->pid == run.backend_pid && !holder_->since.empty() &&
                            holder_->since == run.backend_start;
  return same_session || holder_->run() == run.id;
}

std::optional<report::StatusSession> StatusReader::session(const RunRow* run) {
  if (!holder_) return std::nullopt;
  report::StatusSession session;
  session.pid = holder_->pid;
  session.application_name = holder_->application_name;
  session.user = holder_->user;
  session.client = holder_->client;
  session.sentence = fmt::format("An engine works on this run: pid {} of {}, since {}.",
                                 holder_->pid, holder_->user, holder_->since);
  if (const auto activity = journal::activity_of(connection_, holder_->pid)) {
    session.since = activity->session_since;
    session.state = activity->state;
    session.statement = activity->hidden
                            ? "hidden from this role, which is not a member of pg_read_all_stats"
                            : activity->query;
    session.statement_since = activity->statement_since;
    session.waits_for = activity->waits_for;
    session.blocked_by = activity->blocked_by;
  }
  if (run == nullptr || !is_held(*run)) {
    session.sentence = "An engine works on this target: " + holder_->describe();
    return session;
  }
  const journal::History history = journal::read_history(connection_, schema_, run->id);
  const journal::SessionRow* engine = history.session(run->epoch);
  if (engine != nullptr && journal::is_alive(engine->engine) == false) {
    session.orphan = true;
    session.sentence = fmt::format(
        "Its engine (process {} of {} on {}) no longer runs, but its session is still on the "
        "server: pid {}. That session holds the run lock until its statement ends.",
        engine->engine.pid, engine->engine.user, engine->engine.host, holder_->pid);
  }
  return session;
}

report::RunStatus StatusReader::describe(const RunRow& run, const plan::Plan* plan,
                                         const std::string& arguments) {
  const journal::History history = journal::read_history(connection_, schema_, run.id);
  const std::vector<StepRow> rows = journal_.steps(run.id);
  report::RunStatus status;
  status.target = server_.label;
  status.run = run.id;
  status.plan = run.plan;
  status.status = run.status;
  status.started = run.started_at;
  status.finished = run.finished_at;
  status.role = run.role;
  status.host = run.host;
  status.engine_version = run.engine_version;
  status.server_version = run.server_version;
  status.system_identifier = run.server.system_identifier;
  status.database = run.server.database;
  if (const journal::SessionRow* engine = history.session(run.epoch)) {
    status.user = engine->engine.user;
    status.process = engine->engine.pid;
  }
  status.done = finished_steps(rows);
  status.of = run.steps;
  if (is_held(run)) status.session = session(&run);
  add_steps(status, {run, rows, history, plan});
  add_advice(status, arguments);
  const journal::Server& here = journal_.server();
  if (!(run.server == here)) {
    status.advice.push_back(
        "This run worked on another database; its journal was copied here. `engine run` and "
        "`engine rollback` refuse this run without --accept-edits.");
  }
  return status;
}

}  // namespace engine::cli
