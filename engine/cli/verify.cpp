#include "cli/command.h"
#include "cli/plan_command.h"

namespace engine::cli {

void declare_verify(CLI::App& root, std::vector<Subcommand>& commands) {
  CLI::App* parser =
      root.add_subcommand("verify", "repeat the checks of the finished steps; changes nothing");
  parser->fallthrough();
  parser->footer(footer({
      "engine verify plans/add_names.lua --env prod",
      "engine verify plans/add_names.lua --tap > checks.tap",
  }));
  const auto plan = declare_plan(*parser);
  const auto run = std::make_shared<std::string>();
  parser->add_option("--run", *run, "this run instead of the plan's latest")->type_name("RUN");

  const auto tap = std::make_shared<bool>(false);
  parser->add_flag("--tap", *tap, "print the Test Anything Protocol on standard output");

  commands.push_back({parser, [=](Context& context) {
                        if (*tap) context.report_as_tap();
                        PlanCommand command{context, *plan};
                        command.options.run = *run;
                        return command.perform(Purpose::reads, runner::verify);
                      }});
}

}  // namespace engine::cli
