#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/redactor.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/embedded_server.h"
#include "cli/holder.h"
#include "cli/production.h"
#include "cli/server.h"
#include "journal/journal.h"
#include "journal/run_lock.h"
#include "report/layout.h"
#include "report/table.h"

namespace engine::cli {
namespace {

using journal::Journal;
using journal::LockHolder;
using journal::RunLock;
using journal::RunRow;
using journal::StepRow;
using json = nlohmann::ordered_json;

constexpr int runs_shown = 20;

/// What the journal of one target says.
class Status {
 public:
  Status(Context& context, const Server& server, const std::string& schema)
      : context_(context),
        server_(server),
        connection_(server.connect(true)),
        journal_(Journal::open(connection_, schema, true)),
        holder_(RunLock::holder(connection_)) {}

  bool exists() const { return journal_.exists(); }
  /// The runs, and the steps of the latest one. False where `run` is given and is not of here.
  bool show(const std::string& run);

 private:
  void show_runs(const std::vector<RunRow>& runs);
  void show_steps(const RunRow& run);
  void print_json(const RunRow& run);
  bool held(const RunRow& run) const { return holder_ && holder_->run() == run.id; }
  std::string advice(const RunRow& run) const;

  Context& context_;
  const Server& server_;
  db::Connection connection_;
  Journal journal_;
  std::optional<LockHolder> holder_;
};

std::int64_t finished(const std::vector<StepRow>& steps) {
  return std::count_if(steps.begin(), steps.end(), [](const StepRow& step) {
    return step.status == "done" || step.status == "found_done";
  });
}

/// "15 of 17", or only "15" of a run whose journal does not say how many there are.
std::string progress(const RunRow& run, const std::vector<StepRow>& steps) {
  const std::string done = std::to_string(finished(steps));
  return run.steps ? fmt::format("{} of {}", done, *run.steps) : done;
}

bool is_task(const RunRow& run) { return run.plan.find(':') != std::string::npos; }

std::string milliseconds(std::int64_t ms) { return time::duration(std::chrono::milliseconds{ms}); }

std::string Status::advice(const RunRow& run) const {
  if (held(run)) return "An engine works on it: " + holder_->describe();
  if (is_task(run)) {
    return run.status == "done" ? "" : "`engine task PLAN NAME` runs it again.";
  }
  if (run.status == "running") {
    return "Its engine has gone. `engine run PLAN` resumes it at the first step that did not "
           "commit.";
  }
  if (run.status == "failed" || run.status == "stopped")
    return "`engine run PLAN` resumes it, `engine rollback PLAN` undoes it.";
  if (run.status == "waiting") return "A manual step waits. `engine run PLAN` goes on from there.";
  if (run.status == "rolling_back") return "`engine rollback PLAN` goes on with its rollback.";
  return "";
}

bool Status::show(const std::string& run) {
  if (!run.empty()) {
    const auto found = journal_.run(run);
    if (!found) return false;
    if (context_.options().json) {
      print_json(*found);
    } else {
      context_.print("Target " + report::shown_on_one_line(server_.label) + "\n");
      show_steps(*found);
    }
    return true;
  }
  const std::vector<RunRow> runs = journal_.runs(runs_shown);
  if (context_.options().json) {
    for (const RunRow& row : runs) print_json(row);
    return true;
  }
  context_.print("Target " + report::shown_on_one_line(server_.label) + "\n");
  if (runs.empty()) {
    context_.print("No run yet.\n");
  } else {
    show_runs(runs);
    // What wants somebody first, then what happened last.
    const std::optional<RunRow> open = journal_.unfinished();
    if (open) show_steps(*open);
    if (!open || open->id != runs.front().id) show_steps(runs.front());
  }
  if (holder_ && (runs.empty() || !held(runs.front()))) {
    context_.print("\nAn engine works here: " + report::shown(holder_->describe()) + "\n");
  }
  return true;
}

void Status::show_runs(const std::vector<RunRow>& runs) {
  std::vector<std::vector<std::optional<std::string>>> rows;
  for (const RunRow& run : runs) {
    rows.push_back({run.id, run.plan, run.status, time::to_the_second(run.started_at),
                    progress(run, journal_.steps(run.id))});
  }
  context_.print("\n" + report::table({"run", "plan", "status", "started (UTC)", "steps done"},
                                      rows, 0, context_.screen().width()));
}

void Status::show_steps(const RunRow& run) {
  context_.print(fmt::format("\nRun {} of {}: {}\n", report::shown_on_one_line(run.id),
                             report::shown_on_one_line(run.plan), run.status));
  const auto columns = static_cast<std::size_t>(context_.screen().width());
  for (const StepRow& step : journal_.steps(run.id)) {
    // Outside a transaction: a part of its work may stand.
    const std::string word = step.status == "intent" ? "begun" : step.status;
    std::string line = fmt::format("  {:<15} {:>10}  {}", word,
                                   step.status == "skipped" ? "" : milliseconds(step.ms),
                                   report::shown_on_one_line(step.title));
    if (step.rows > 0) line += ", " + text::counted(step.rows, "row");
    if (!step.reason.empty()) line += ": " + report::shown_on_one_line(step.reason);
    context_.print(text::shortened(line, columns) + "\n");
  }
  const std::string text = advice(run);
  if (!text.empty()) context_.print(report::shown(text) + "\n");
}

void Status::print_json(const RunRow& run) {
  const auto safe = [](const std::string& text) { return redactor::redact(text); };
  const std::vector<StepRow> rows = journal_.steps(run.id);
  json steps = json::array();
  for (const StepRow& step : rows) {
    steps.push_back({{"step", safe(step.step)},
                     {"title", safe(step.title)},
                     {"status", step.status},
                     {"finished", step.finished_at},
                     {"rows", step.rows},
                     {"ms", step.ms},
                     {"reason", safe(step.reason)}});
  }
  const json line{{"event", "status"},
                  {"target", safe(server_.label)},
                  {"plan", safe(run.plan)},
                  {"status", run.status},
                  {"started", run.started_at},
                  {"finished", run.finished_at},
                  {"role", safe(run.role)},
                  {"pid", held(run) ? json(holder_->pid) : json(nullptr)},
                  {"done", finished(rows)},
                  {"of", run.steps ? json(*run.steps) : json(nullptr)},
                  {"steps", std::move(steps)},
                  {"time", time::now()},
                  {"run", run.id}};
  context_.print_json(line.dump(-1, ' ', true, json::error_handler_t::replace));
}

int status(Context& context, const std::string& run, std::optional<Towards> towards) {
  const Chosen chosen = choose_target(context.options(), context.project());
  const std::string& schema = chosen.environment.journal_schema;
  const bool changes = towards && *towards != Towards::wait;
  std::vector<Server> servers;
  if (chosen.embedded) {
    if (changes) guard_embedded(context, chosen);
    servers = embedded_databases(context);
  } else {
    Opened opened = open_server(context, chosen);
    if (changes) guard_production(context, chosen, opened);
    servers.push_back(std::move(opened.server));
  }
  bool journals = false, found = false;
  for (const Server& server : servers) {
    if (towards) {
      db::Connection connection = server.connect();
      treat_holder(context, connection, schema, *towards);
    }
    Status status{context, server, schema};
    if (!status.exists()) continue;
    if (journals && !context.options().json) context.print("\n");
    journals = true;
    found = status.show(run) || found;
  }
  if (!run.empty() && !found) {
    throw Error{Code::usage, "no run {} on this target", run}.hint(
        "`engine status` lists the runs there are.");
  }
  if (!journals && !context.options().json) {
    for (const Server& server : servers) {
      context.print("Target " + report::shown_on_one_line(server.label) + "\n");
    }
    context.print(fmt::format("No plan has run here: there is no journal (schema {}).\n",
                              report::shown_on_one_line(schema)));
  }
  return 0;
}

}  // namespace

void declare_status(CLI::App& root, std::vector<Command>& commands) {
  CLI::App* parser = root.add_subcommand("status", "runs and steps on the target");
  parser->fallthrough();
  parser->footer(footer({
      "engine status --env prod",
      "engine status 20261120-231502-4f7a",
      "engine status --wait        until the engine that works there has ended",
      "engine status --end         end what a killed engine left behind",
  }));
  const auto run = std::make_shared<std::string>();
  const auto wait = std::make_shared<bool>(false);
  const auto cancel = std::make_shared<bool>(false);
  const auto end = std::make_shared<bool>(false);
  parser->add_option("run", *run, "the steps of this run")->type_name("RUN");
  CLI::Option* wait_flag = parser->add_flag("--wait", *wait, "wait until nobody works there");
  CLI::Option* cancel_flag =
      parser->add_flag("--cancel", *cancel, "cancel the statement that runs there");
  parser->add_flag("--end", *end, "end the session that works there")
      ->excludes(wait_flag)
      ->excludes(cancel_flag);
  cancel_flag->excludes(wait_flag);

  commands.push_back({parser, [=](Context& context) {
                        std::optional<Towards> towards;
                        if (*wait) towards = Towards::wait;
                        if (*cancel) towards = Towards::cancel;
                        if (*end) towards = Towards::end;
                        return status(context, *run, towards);
                      }});
}

}  // namespace engine::cli
