#include "preview/preview.h"

#include <optional>

#include "cli/command.h"
#include "cli/embedded_server.h"
#include "cli/plan_command.h"

namespace engine::cli {
namespace {

constexpr std::int64_t rows_unless_told = 1000;

struct Flags {
  std::string from;
  std::int64_t rows = rows_unless_told;
  preview::Options options;
};

/// The target's major version where it is here, else the nearest above.
cluster::Installation like(const preview::TargetSource& target) {
  std::optional<cluster::Installation> nearest;
  for (const cluster::Installation& one : cluster::installations(working_folder())) {
    if (one.major < target.major()) continue;
    if (!nearest || one.major < nearest->major) nearest = one;
  }
  return nearest ? *nearest : cluster::choose_installation(working_folder());
}

int preview_fixture(Context& context, PlanCommand& command, const Flags& flags) {
  preview::FixtureSource source{read_fixture(context, flags.from)};
  return command.perform_aside(flags.from + " on a shadow",
                               [&](const runner::Plan& plan, const Server*,
                                   const runner::RunOptions& options, const runner::Host& host) {
                                 return preview::preview(
                                     plan, cluster::choose_installation(working_folder()), source,
                                     flags.options, options, host);
                               });
}

int preview_target(PlanCommand& command, const Flags& flags) {
  return command.perform_aside(
      "", [&](const runner::Plan& plan, const Server* server, const runner::RunOptions& options,
              const runner::Host& host) {
        preview::TargetSource source{server->target, options.schema, flags.rows};
        return preview::preview(plan, like(source), source, flags.options, options, host);
      });
}

}  // namespace

void declare_preview(CLI::App& root, std::vector<Command>& commands) {
  CLI::App* parser = root.add_subcommand(
      "preview", "run a plan on a throwaway copy, and tell what the target would feel");
  parser->fallthrough();
  parser->footer(footer({
      "engine preview plans/add_names.lua --env prod",
      "engine preview plans/add_names.lua --from examples/add_names/before.sql",
      "engine preview plans/add_names.lua --env prod --json --fail-on warning",
  }));
  const auto plan = declare_plan(*parser);
  const auto flags = std::make_shared<Flags>();
  parser
      ->add_option("--from", flags->from,
                   "begin with this fixture instead of the target, which is not asked then")
      ->type_name("FILE");
  parser->add_option("--rows", flags->rows, "of each table that the plan touches, at most (1000)")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 31));
  parser
      ->add_option("--fail-on", flags->options.fail_on,
                   "a finding from here on is exit 8: info, warning, danger (unless given), never")
      ->type_name("SEVERITY")
      ->check(CLI::IsMember({"info", "warning", "danger", "never"}));

  commands.push_back({parser, [=](Context& context) {
                        PlanCommand command{context, *plan};
                        if (!flags->from.empty()) return preview_fixture(context, command, *flags);
                        return preview_target(command, *flags);
                      }});
}

}  // namespace engine::cli
