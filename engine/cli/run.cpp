#include "approval/guard.h"
#include "cli/command.h"
#include "cli/plan_command.h"
#include "cli/preview_command.h"
#include "cli/version.h"

namespace engine::cli {
namespace {

/// A run that is held to the saved preview at `path`.
PlanCommand::Work approved_by(const std::string& path) {
  return [path](const plan::Plan& plan, db::Connection connection,
                const runner::RunOptions& options, const runner::RunEnvironment& host) {
    approval::ApprovalGuard approved{plan,
                                     {path, "engine preview " + options.arguments,
                                      std::string{version()}, options.schema, host.connect}};
    runner::RunOptions held = options;
    held.run_flags = " --approved " + shell_word(path);
    runner::RunEnvironment watched = host;
    watched.witness = &approved;
    return runner::run(plan, std::move(connection), held, watched);
  };
}

}  // namespace

void declare_run(CLI::App& root, std::vector<Subcommand>& commands) {
  CLI::App* parser = root.add_subcommand("run", "run a plan; resume it where it stopped");
  parser->fallthrough();
  parser->footer(footer({
      "engine run plans/add_names.lua",
      "engine run plans/add_names.lua --env staging --set drop_backup=false",
      "engine run plans/add_names.lua --env prod --dry-run",
      "engine run plans/add_names.lua --questions > answers.json",
      "engine run plans/add_names.lua --env prod --answers answers.json --yes --target prod",
  }));
  const auto plan = declare_plan(*parser);
  const auto accept_edits = std::make_shared<bool>(false);
  const auto questions = std::make_shared<bool>(false);
  parser->add_flag("--accept-edits", *accept_edits,
                   "continue even if a finished step was edited since it ran");
  parser->add_flag("--questions", *questions,
                   "print an answers file to fill in, without connecting to a database");
  const auto dry_run = std::make_shared<bool>(false);
  CLI::Option* dry_run_flag = parser->add_flag(
      "--dry-run", *dry_run, "do the same as `engine preview`, with its options and exit status");
  const auto preview_flags = declare_preview_flags(*parser, dry_run_flag);

  const auto approved = std::make_shared<std::string>();
  parser
      ->add_option("--approved", *approved,
                   "run only what this saved preview shows (engine preview -o FILE); refuse if "
                   "plan, target or inputs have changed")
      ->type_name("FILE")
      ->excludes(dry_run_flag);

  commands.push_back({parser, [=](Context& context) {
                        PlanCommand command{context, *plan};
                        if (*questions) {
                          context.print(command.questions());
                          return 0;
                        }
                        if (*dry_run) return preview_plan(context, command, *preview_flags);
                        command.options.accept_edits = *accept_edits;
                        return command.perform(Purpose::changes, approved->empty()
                                                                     ? runner::run
                                                                     : approved_by(*approved));
                      }});
}

}  // namespace engine::cli
