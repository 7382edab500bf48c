#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/redactor.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/command_needs.h"
#include "cli/diagnosis.h"
#include "cli/embedded_server.h"
#include "cli/first_line.h"
#include "cli/plan_command.h"
#include "cli/plan_needs.h"
#include "cli/pooler.h"
#include "cli/server.h"
#include "cli/target_facts.h"
#include "cli/version.h"
#include "cluster/embedded.h"
#include "cluster/installation.h"
#include "db/versions.h"
#include "report/layout.h"
#include "script/version.h"
#include "sql/statement.h"

namespace engine::cli {
namespace {

void examine_engine(Diagnosis& diagnosis) {
  diagnosis.ok("engine", fmt::format("{}, {}, libpq {}, libpqxx {}, grammar of PostgreSQL {}",
                                     version(), script::luajit_version(), db::libpq_version(),
                                     db::libpqxx_version(), sql::grammar_version()));
}

void examine_machine(Diagnosis& diagnosis) {
  try {
    std::vector<std::string> found;
    for (const cluster::Installation& installation : cluster::installations(working_folder())) {
      found.push_back(fmt::format("{} ({})", installation.version, installation.bin));
    }
    if (found.empty()) {
      diagnosis.warn("PostgreSQL servers", "none on this machine",
                     "The embedded target needs one: install postgresql.");
    } else {
      diagnosis.ok("PostgreSQL servers", text::listed(found));
    }
  } catch (const Error& error) {
    diagnosis.warn("PostgreSQL servers", error.message(), error.hint());
  }
  const cluster::EmbeddedState state = cluster::Embedded{working_folder()}.state();
  if (!state.exists) {
    diagnosis.ok("embedded server", "none in this folder yet");
  } else {
    diagnosis.ok("embedded server", fmt::format("PostgreSQL {}, {}, in {}", state.major,
                                                state.running ? "running" : "stopped", state.data));
  }
}

void examine_production(const Chosen& chosen, const journal::Protection& protection,
                        Diagnosis& diagnosis) {
  if (protection.marked()) {
    const journal::Mark& mark = protection.marks.front();
    diagnosis.ok("production",
                 fmt::format("yes: \"{}\", marked by {} at {}", mark.name, mark.by, mark.at));
  } else if (!protection.others.empty()) {
    diagnosis.warn("production",
                   fmt::format("no: its mark \"{}\" was set on another server",
                               protection.others.front().name),
                   "If this database is production, mark it with `engine protect`. Otherwise "
                   "remove the mark with `engine protect --off`.");
  } else if (chosen.environment.production) {
    diagnosis.warn("production", "by engine.toml alone",
                   "`engine protect --env " + chosen.name + "` marks it in the database itself.");
  } else {
    diagnosis.ok("production", "not marked; `engine protect` does it");
  }
}

/// Everything that can be known of a target that does not even answer is known by its error.
void examine_server(const Chosen& chosen, const plan::Plan* plan, Diagnosis& diagnosis) {
  Server server{chosen.target, chosen.target.describe()};
  try {
    db::Connection connection = server.connect(false);
    const auto [line, protection] = introduce(connection, chosen);
    diagnosis.ok("target", line);
    examine_production(chosen, protection, diagnosis);
    try {
      const std::string warning = check_pooler(
          connection, server.target,
          [&](std::chrono::seconds patience) { return server.connect(false, patience); });
      if (warning.empty()) {
        diagnosis.ok("pooler", "none");
      } else {
        diagnosis.warn("pooler", "the pooler keeps one server session for each client", "");
      }
    } catch (const Error& error) {
      if (error.code() != Code::refused) throw;
      diagnosis.fail("pooler", error.message(), error.hint());
    }
    examine_target(connection, server.target, chosen.environment.journal_schema, diagnosis);
    examine_commands(connection, chosen.environment.journal_schema, diagnosis);
    if (plan != nullptr) examine_plan(connection, *plan, diagnosis);
  } catch (const Error& error) {
    if (error.code() == Code::interrupted) throw;
    diagnosis.fail("target", error.message(), error.hint());
  }
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::ok:
      return "ok";
    case Level::warning:
      return "warn";
    case Level::failure:
      return "fail";
  }
  return "";
}

void print(Context& context, const Finding& finding) {
  const std::string_view level = name_of(finding.level);
  if (context.options().json) {
    const nlohmann::ordered_json line{{"event", "doctor"},
                                      {"time", time::now()},
                                      {"level", level},
                                      {"subject", finding.subject},
                                      {"text", redactor::redact(finding.text)},
                                      {"advice", redactor::redact(finding.advice)}};
    context.print_json(line.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
    return;
  }
  constexpr std::size_t subject_columns = 20;
  const report::Paint& paint = context.screen().paint();
  const std::string padded = report::pad(std::string{level}, 6);
  std::string line = finding.level == Level::ok        ? paint.green(padded)
                     : finding.level == Level::warning ? paint.yellow(padded)
                                                       : paint.red(padded);
  line += report::pad(finding.subject, subject_columns) + report::shown_on_one_line(finding.text) +
          "\n";
  if (!finding.advice.empty()) {
    line +=
        std::string(6 + subject_columns, ' ') + report::shown_on_one_line(finding.advice) + "\n";
  }
  context.print(line);
}

int examine(Context& context, const std::string& path) {
  std::optional<PlanCommand> plan;
  if (!path.empty()) plan.emplace(context, path);
  Diagnosis diagnosis;
  examine_engine(diagnosis);
  examine_machine(diagnosis);
  const Chosen chosen = choose_target(context.options(), context.project());
  if (chosen.embedded) {
    diagnosis.ok("target", "embedded (" + chosen.origin + ")");
  } else {
    examine_server(chosen, plan ? &plan->plan() : nullptr, diagnosis);
  }
  for (const Finding& finding : diagnosis.findings()) print(context, finding);
  return diagnosis.failed() ? Exit::unreachable : Exit::done;
}

}  // namespace

void declare_doctor(CLI::App& root, std::vector<Subcommand>& commands) {
  CLI::App* parser = root.add_subcommand(
      "doctor", "check whether this machine and the target have what each command needs");
  parser->fallthrough();
  parser->footer(footer({"engine doctor", "engine doctor --env prod",
                         "engine doctor plans/add_names.lua --env prod"}));
  const auto plan = std::make_shared<std::string>();
  parser->add_option("plan", *plan, "also check what this plan needs")->type_name("PLAN");
  commands.push_back({parser, [=](Context& context) { return examine(context, *plan); }});
}

}  // namespace engine::cli
