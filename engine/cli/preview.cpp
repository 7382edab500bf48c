#include <algorithm>
#include <functional>
#include <memory>
#include <optional>

#include "base/redactor.h"
#include "cli/command.h"
#include "cli/embedded_server.h"
#include "cli/hardening.h"
#include "cli/preview_command.h"
#include "shadow/external_shadow.h"

namespace engine::cli {
namespace {

/// The target's major version where it is here, else the nearest above.
cluster::Installation like(const shadow::TargetSource& target) {
  std::optional<cluster::Installation> nearest;
  for (const cluster::Installation& one : cluster::installations(working_folder())) {
    if (one.major < target.major()) continue;
    if (!nearest || one.major < nearest->major) nearest = one;
  }
  return nearest ? *nearest : cluster::choose_installation(working_folder());
}

preview::MakeShadow maker(const PreviewFlags& flags, const shadow::Identity& forbidden,
                          const std::function<cluster::Installation()>& installation) {
  if (flags.shadow.empty())
    return [=] { return std::make_unique<cluster::Shadow>(installation()); };
  const db::Target lent = db::Target::parse(flags.shadow);
  if (const auto password = lent.parameters().find("password"); password != lent.parameters().end())
    redactor::add_secret(password->second);
  return [=] { return std::make_unique<shadow::ExternalShadow>(lent, forbidden); };
}

/// The flags that make the same preview again.
std::string typed(const PreviewFlags& flags) {
  std::string words;
  for (const CLI::Option* option : flags.declared) {
    if (option->count() == 0) continue;
    words += " " + option->get_name();
    if (option->get_items_expected_max() == 0) continue;
    const std::string& value = option->results().back();
    words += " " + (option->get_name() == "--shadow" ? address_word(value) : shell_word(value));
  }
  return words;
}

/// The flags that answer again what is no secret, as far as the plan's data tell.
std::string answers_typed(const Options& options, const plan::Plan& plan) {
  std::string words;
  if (!options.answers.empty()) words += " --answers " + shell_word(options.answers);
  for (const std::string& answer : options.set) {
    const std::string name = answer.substr(0, answer.find('='));
    const bool known =
        std::any_of(plan.inputs.begin(), plan.inputs.end(), [&](const plan::Input& input) {
          return input.name == name && input.type != plan::InputType::secret;
        });
    if (known) words += " --set " + shell_word(answer);
  }
  return words;
}

event::RunFinished preview_into(const PreviewFlags& flags, const plan::Plan& plan,
                                const preview::MakeShadow& make, shadow::ShadowSource& source,
                                const runner::RunOptions& options,
                                const runner::RunEnvironment& host) {
  PreviewFiles files{flags.files};
  runner::RunEnvironment heard = host;
  heard.listener = files.listener(host.listener);
  preview::Options wanted = flags.options;
  wanted.approval = &files.approval();
  wanted.sql = &files.sql();
  wanted.flags = typed(flags);
  const event::RunFinished finished = preview::preview(plan, make, source, wanted, options, heard);
  files.write();
  return finished;
}

int preview_fixture(Context& context, PlanCommand& command, const PreviewFlags& flags) {
  shadow::FixtureSource source{read_fixture(context, flags.from)};
  const preview::MakeShadow make =
      maker(flags, {}, [] { return cluster::choose_installation(working_folder()); });
  return command.perform_aside(
      flags.from + " on a shadow",
      [&](const plan::Plan& plan, const Server*, const runner::RunOptions& options,
          const runner::RunEnvironment& host) {
        return preview_into(flags, plan, make, source, options, host);
      });
}

int preview_target(Context& context, PlanCommand& command, const PreviewFlags& flags) {
  const shadow::Masks masks{choose_target(context.options(), context.project()).environment.masks};
  return command.perform_aside(
      "", [&](const plan::Plan& plan, const Server* server, const runner::RunOptions& options,
              const runner::RunEnvironment& host) {
        shadow::TargetSource source{server->target, options.schema, flags.bounds, masks};
        shadow::Identity target;
        if (!flags.shadow.empty()) {
          db::Connection connection = server->connect(true);
          target = shadow::identity_of(connection);
        }
        return preview_into(flags, plan, maker(flags, target, [&] { return like(source); }), source,
                            options, host);
      });
}

}  // namespace

int preview_plan(Context& context, PlanCommand& command, const PreviewFlags& flags) {
  refuse_unwritable(flags.files);
  command.options.run_flags = answers_typed(context.options(), command.plan());
  return flags.from.empty() ? preview_target(context, command, flags)
                            : preview_fixture(context, command, flags);
}

std::shared_ptr<PreviewFlags> declare_preview_flags(CLI::App& parser, CLI::Option* only_with) {
  auto flags = std::make_shared<PreviewFlags>();
  const auto declare = [&](CLI::Option* option) {
    if (only_with != nullptr) option->needs(only_with);
    flags->declared.push_back(option);
    return option;
  };
  const auto add = [&](const char* name, auto& value, const char* type, const char* what) {
    return declare(parser.add_option(name, value, what)->type_name(type));
  };
  add("--from", flags->from, "FILE",
      "start from this fixture; the engine does not connect to the target");
  add("--rows", flags->bounds.rows, "N",
      "copy at most N rows of each table that the plan touches (1000)")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 31));
  add("--bytes", flags->bounds.bytes, "SIZE",
      "copy at most SIZE of rows in all: 500kB, 64MB (default)")
      ->transform(CLI::AsSizeValue(false));
  declare(parser.add_flag_callback(
      "--no-data", [flags] { flags->bounds.data = false; }, "copy no rows at all"));
  add("--shadow", flags->shadow, address_type,
      "run on the server of this empty database; the preview creates its own databases there");
  add("-o,--save", flags->files.save, "FILE", "save the preview in this file for run --approved");
  add("--report", flags->files.report, "FILE", "write the preview to this file as one HTML page");
  add("--sql", flags->files.sql, "FILE",
      "write the statements that the plan sent to this file, in order, each with its place in the "
      "plan");
  declare(
      parser.add_option_function<std::string>(
          "--fail-on",
          [flags](const std::string& name) {
            using event::Severity;
            flags->options.fail_on.reset();
            for (const Severity severity : {Severity::info, Severity::warning, Severity::danger})
              if (name_of(severity) == name) flags->options.fail_on = severity;
          },
          "exit with status 8 on a finding of this level or above: info, warning, danger "
          "(default), "
          "never"))
      ->type_name("SEVERITY")
      ->check(CLI::IsMember({"info", "warning", "danger", "never"}));
  return flags;
}

void declare_preview(CLI::App& root, std::vector<Subcommand>& commands) {
  CLI::App* parser = root.add_subcommand(
      "preview", "run a plan on a temporary copy, and report its effects on the target");
  parser->fallthrough();
  parser->footer(footer({
      "engine preview plans/add_names.lua --env prod",
      "engine preview plans/add_names.lua --from examples/add_names/before.sql",
      "engine preview plans/add_names.lua --env prod --report add_names.html",
      "engine preview plans/add_names.lua --env prod -o add_names.json",
      "engine preview plans/add_names.lua --env prod --json --fail-on warning",
  }));
  const auto plan = declare_plan(*parser);
  const auto flags = declare_preview_flags(*parser, nullptr);

  commands.push_back({parser, [=](Context& context) {
                        PlanCommand command{context, *plan};
                        return preview_plan(context, command, *flags);
                      }});
}

}  // namespace engine::cli
