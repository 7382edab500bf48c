#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/redactor.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/last_runs.h"
#include "cli/plan_command.h"
#include "report/table.h"

namespace engine::cli {
namespace {

/// Nothing where it cannot be known, "" for never.
std::optional<std::string> last_run(const plan::Task& task, const LastRuns& runs) {
  if (!runs.unknown.empty() || runner::only_reads(task)) return std::nullopt;
  const auto found = runs.of.find(task.id);
  return found == runs.of.end() ? "" : found->second.started_at;
}

std::string last_run_in_words(const plan::Task& task, const LastRuns& runs) {
  if (runner::only_reads(task)) return "not recorded: reads only";
  const std::optional<std::string> at = last_run(task, runs);
  if (!at) return "unknown";
  if (at->empty()) return "never";
  const event::RunState status = runs.of.at(task.id).status;
  return time::to_the_second(*at) +
         (status == event::RunState::done ? "" : fmt::format(" ({})", name_of(status)));
}

void print_json(Context& context, const plan::Plan& plan, const LastRuns& runs) {
  using json = nlohmann::ordered_json;
  for (const plan::Task& task : plan.tasks) {
    const std::optional<std::string> at = last_run(task, runs);
    const json line{{"event", "task"},
                    {"time", time::now()},
                    {"id", redactor::redact(task.id)},
                    {"title", redactor::redact(task.title)},
                    {"why", redactor::redact(task.why)},
                    {"last_run", at ? json(*at) : json(nullptr)}};
    context.print_json(line.dump(-1, ' ', true, json::error_handler_t::replace));
  }
}

int list_tasks(Context& context, const plan::Plan& plan) {
  const bool json = context.options().json;
  if (plan.tasks.empty() && !json) context.print("This plan has no tasks.\n");
  if (plan.tasks.empty()) return 0;
  const LastRuns runs = last_runs(context, plan);
  if (!runs.unknown.empty()) context.remark("When they last ran is unknown: " + runs.unknown);
  if (json) {
    print_json(context, plan, runs);
    return 0;
  }
  std::vector<std::vector<std::optional<std::string>>> rows;
  for (const plan::Task& task : plan.tasks) {
    rows.push_back({task.id, task.title, task.why, last_run_in_words(task, runs)});
  }
  context.print(
      report::table({"task", "title", "why", "last run (UTC)"}, rows, 0, context.screen().width()));
  return 0;
}

bool reads(const plan::Plan& plan, const std::string& name) {
  return std::any_of(plan.tasks.begin(), plan.tasks.end(), [&](const plan::Task& task) {
    return (task.id == name || task.title == name) && runner::only_reads(task);
  });
}

void refuse_writing(const plan::Plan& plan, const std::string& name) {
  for (const plan::Task& task : plan.tasks) {
    if ((task.id != name && task.title != name) || runner::only_reads(task)) continue;
    throw Error{Code::usage, "--csv: task \"{}\" does not only read", name}.hint(
        "Run it without --csv.");
  }
}

}  // namespace

void declare_task(CLI::App& root, std::vector<Subcommand>& commands) {
  CLI::App* parser = root.add_subcommand("task", "run a task of a plan; without NAME, list them");
  parser->fallthrough();
  parser->footer(footer({
      "engine task plans/add_names.lua",
      "engine task plans/add_names.lua daily --env prod",
      "engine task plans/add_names.lua overview --csv > overview.csv",
  }));
  const auto plan = declare_plan(*parser);
  const auto name = std::make_shared<std::string>();
  parser->add_option("name", *name, "its id or title")->type_name("NAME");
  const auto csv = std::make_shared<bool>(false);
  parser->add_flag("--csv", *csv, "print the rows that the task reads as CSV on standard output");

  commands.push_back(
      {parser, [=](Context& context) {
         if (*csv && name->empty()) throw Error{Code::usage, "--csv needs the NAME of a task"};
         if (*csv) context.report_as_csv();
         PlanCommand command{context, *plan};
         if (*csv) refuse_writing(command.plan(), *name);
         if (name->empty()) return list_tasks(context, command.plan());
         const bool only_reads = reads(command.plan(), *name);
         return command.perform(
             only_reads ? Purpose::reads : Purpose::changes,
             [&](const plan::Plan& loaded, db::Connection connection,
                 const runner::RunOptions& options, const runner::RunEnvironment& host) {
               return runner::task(loaded, *name, std::move(connection), options, host);
             });
       }});
}

}  // namespace engine::cli
