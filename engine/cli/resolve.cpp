#include "base/error.h"
#include "cli/command.h"
#include "cli/plan_command.h"

namespace engine::cli {

void declare_resolve(CLI::App& root, std::vector<Subcommand>& commands) {
  CLI::App* parser =
      root.add_subcommand("resolve", "record in the journal what a person repaired by hand");
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
  CLI::Option* done_flag =
      parser->add_flag("--done", *done, "the step's work is in the database now");
  parser->add_flag("--undone", *undone, "nothing of the step's work is in the database")
      ->excludes(done_flag);
  parser->add_option("--run", *run, "this run instead of the plan's latest")->type_name("RUN");
  parser->add_flag("--accept-edits", *accept_edits,
                   "even if the journal was copied from another database");

  commands.push_back(
      {parser, [=](Context& context) {
         if (!*done && !*undone) {
           throw Error{Code::usage, "is \"{}\" done or undone?", *step}.hint(
               "Add --done if its work is in the database now, or --undone if nothing of it is.");
         }
         PlanCommand command{context, *plan};
         command.options.run = *run;
         command.options.accept_edits = *accept_edits;
         const auto resolution = *done ? runner::Resolution::done : runner::Resolution::undone;
         return command.perform(Purpose::changes, [&](const plan::Plan& loaded,
                                                      db::Connection connection,
                                                      const runner::RunOptions& options,
                                                      const runner::RunEnvironment& host) {
           return runner::resolve(loaded, *step, resolution, std::move(connection), options, host);
         });
       }});
}

}  // namespace engine::cli
