#include "cli/command.h"
#include "cli/plan_command.h"

namespace engine::cli {

void declare_verify(CLI::App& root, std::vector<Command>& commands) {
  CLI::App* parser =
      root.add_subcommand("verify", "repeat the checks of the finished steps; changes nothing");
  parser->fallthrough();
  parser->footer(footer({"engine verify plans/add_names.lua --env prod"}));
  const auto plan = declare_plan(*parser);
  const auto run = std::make_shared<std::string>();
  parser->add_option("--run", *run, "this run instead of the plan's latest");

  commands.push_back({parser, [=](Context& context) {
                        PlanCommand command{context, *plan};
                        command.options.run = *run;
                        return command.perform(Purpose::reads, runner::verify);
                      }});
}

}  // namespace engine::cli
