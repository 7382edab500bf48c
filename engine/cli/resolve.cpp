#include "base/error.h"
#include "cli/command.h"
#include "cli/plan_command.h"

namespace engine::cli {

void declare_resolve(CLI::App& root, std::vector<Command>& commands) {
  CLI::App* parser =
      root.add_subcommand("resolve", "tell the journal what a person repaired by hand");
  parser->fallthrough();
  parser->footer(footer({
      "engine resolve plans/add_names.lua \"Build the index\" --done",
      "engine resolve plans/add_names.lua \"Build the index\" --undone",
  }));
  const auto plan = declare_plan(*parser);
  const auto step = std::make_shared<std::string>();
  const auto run = std::make_shared<std::string>();
  const auto accept_edits = std::make_shared<bool>(false);
  const auto done = std::make_shared<bool>(false);
  const auto undone = std::make_shared<bool>(false);
  parser->add_option("step", *step, "its id or title")->type_name("STEP")->required();
  CLI::Option* done_flag = parser->add_flag("--done", *done, "its work stands now");
  parser->add_flag("--undone", *undone, "nothing of its work stands")->excludes(done_flag);
  parser->add_option("--run", *run, "this run instead of the plan's latest")->type_name("RUN");
  parser->add_flag("--accept-edits", *accept_edits,
                   "although the journal came here from another database");

  commands.push_back(
      {parser, [=](Context& context) {
         if (!*done && !*undone) {
           throw Error{Code::usage, "is \"{}\" done or undone?", *step}.hint(
               "Add --done where its work stands now, --undone where nothing of it does.");
         }
         PlanCommand command{context, *plan};
         command.options.run = *run;
         command.options.accept_edits = *accept_edits;
         const auto resolution = *done ? runner::Resolution::done : runner::Resolution::undone;
         return command.perform(Purpose::changes,
                                [&](const runner::Plan& loaded, db::Connection connection,
                                    const runner::RunOptions& options, const runner::Host& host) {
                                  return runner::resolve(loaded, *step, resolution,
                                                         std::move(connection), options, host);
                                });
       }});
}

}  // namespace engine::cli
