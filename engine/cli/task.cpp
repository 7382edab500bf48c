#include <nlohmann/json.hpp>

#include "base/redactor.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/plan_command.h"
#include "report/layout.h"

namespace engine::cli {
namespace {

int list_tasks(Context& context, const runner::Plan& plan) {
  if (context.options().json) {
    for (const runner::Task& task : plan.tasks) {
      const nlohmann::ordered_json line{{"event", "task"},
                                        {"time", time::now()},
                                        {"id", redactor::redact(task.id)},
                                        {"title", redactor::redact(task.title)},
                                        {"why", redactor::redact(task.why)}};
      context.print_json(line.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
    }
    return 0;
  }
  if (plan.tasks.empty()) context.print("This plan has no tasks.\n");
  for (const runner::Task& task : plan.tasks) {
    std::string line = report::shown_on_one_line(task.title);
    if (task.id != task.title) line = report::shown_on_one_line(task.id) + "  " + line;
    if (!task.why.empty()) line += ": " + report::shown_on_one_line(task.why);
    context.print(line + "\n");
  }
  return 0;
}

}  // namespace

void declare_task(CLI::App& root, std::vector<Command>& commands) {
  CLI::App* parser = root.add_subcommand("task", "run a task of a plan; without NAME, list them");
  parser->fallthrough();
  parser->footer(footer({
      "engine task plans/add_names.lua",
      "engine task plans/add_names.lua daily --env prod",
  }));
  const auto plan = declare_plan(*parser);
  const auto name = std::make_shared<std::string>();
  parser->add_option("name", *name, "its id or title")->type_name("NAME");

  commands.push_back(
      {parser, [=](Context& context) {
         PlanCommand command{context, *plan};
         if (name->empty()) return list_tasks(context, command.plan());
         return command.perform(
             Purpose::changes, [&](const runner::Plan& loaded, db::Connection connection,
                                   const runner::RunOptions& options, const runner::Host& host) {
               return runner::task(loaded, *name, std::move(connection), options, host);
             });
       }});
}

}  // namespace engine::cli
