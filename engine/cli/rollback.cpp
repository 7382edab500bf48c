#include "cli/command.h"
#include "cli/plan_command.h"

namespace engine::cli {

void declare_rollback(CLI::App& root, std::vector<Subcommand>& commands) {
  CLI::App* parser = root.add_subcommand("rollback", "undo finished steps, the last one first");
  parser->fallthrough();
  parser->footer(footer({
      "engine rollback plans/add_names.lua",
      "engine rollback plans/add_names.lua --to \"Back up\"      which stays done",
      "engine rollback plans/add_names.lua --only \"Clean up\"   an independent phase",
  }));
  const auto plan = declare_plan(*parser);
  const auto to = std::make_shared<std::string>();
  const auto only = std::make_shared<std::string>();
  const auto run = std::make_shared<std::string>();
  const auto accept_edits = std::make_shared<bool>(false);
  const auto as_run = std::make_shared<bool>(false);
  CLI::Option* to_option =
      parser->add_option("--to", *to, "a step or phase that stays done")->type_name("STEP");
  parser->add_option("--only", *only, "this phase alone")->type_name("PHASE")->excludes(to_option);
  parser->add_option("--run", *run, "this run instead of the plan's latest")->type_name("RUN");
  parser->add_flag("--as-run", *as_run,
                   "undo with the plan's text as it ran, which the journal keeps");
  parser->add_flag(
      "--accept-edits", *accept_edits,
      "undo with the plan's current text, even if it was edited since it ran or the journal was "
      "copied from another database");

  commands.push_back({parser, [=](Context& context) {
                        PlanCommand command{context, *plan};
                        if (!to->empty()) command.options.to = *to;
                        if (!only->empty()) command.options.only = *only;
                        command.options.run = *run;
                        command.options.accept_edits = *accept_edits;
                        command.options.as_run = *as_run;
                        return command.perform(Purpose::changes, runner::rollback);
                      }});
}

}  // namespace engine::cli
