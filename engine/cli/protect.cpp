// engine protect: the mark that makes a database production, whichever way leads there.
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/redactor.h"
#include "base/time.h"
#include "cli/command.h"
#include "cli/production.h"
#include "cli/server.h"
#include "report/layout.h"

namespace engine::cli {
namespace {

using journal::Mark;
using journal::Protection;

void tell(Context& context, Opened& opened, const std::string& sentence) {
  const Protection now = journal::read_protection(opened.connection);
  if (!context.options().json) {
    context.print("Target " + report::shown_on_one_line(opened.server.label) + "\n");
    context.print(report::shown(sentence) + "\n");
    return;
  }
  const Mark mark = now.marked() ? now.marks.front() : Mark{};
  const nlohmann::ordered_json line{{"event", "protect"},
                                    {"time", time::now()},
                                    {"target", redactor::redact(opened.server.label)},
                                    {"production", now.marked()},
                                    {"name", redactor::redact(mark.name)},
                                    {"system_identifier", now.server.system_identifier},
                                    {"database_oid", now.server.database},
                                    {"by", mark.by},
                                    {"at", mark.at}};
  context.print_json(line.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
}

void mark(Context& context, const Chosen& chosen, Opened& opened) {
  const Production production = judge(context, chosen, opened);
  if (!context.options().target.empty()) confirm(context, production, opened.server.label);
  if (production.marked) {
    const Mark& standing = opened.protection.marks.front();
    tell(context, opened,
         fmt::format("It is already marked as production: {}, by {} at {}.", standing.name,
                     standing.by, standing.at));
    return;
  }
  journal::protect(opened.connection, chosen.environment.journal_schema, production.name);
  tell(context, opened,
       fmt::format("Marked as production: {}. Commands that change it ask for this name, or need "
                   "--target {}.",
                   production.name, shell_word(production.name)));
}

void unmark(Context& context, const Chosen& chosen, Opened& opened) {
  const Protection& protection = opened.protection;
  if (!protection.marked() && protection.others.empty()) {
    tell(context, opened, "It is not marked as production.");
    return;
  }
  confirm(context, judge(context, chosen, opened), opened.server.label);
  journal::unprotect(opened.connection);
  tell(context, opened, "The production mark was removed.");
  if (chosen.environment.production) {
    context.remark(
        fmt::format("note: engine.toml has production = true for env {}: the next command that "
                    "changes this target marks it again",
                    chosen.name));
  }
}

int protect(Context& context, bool off) {
  const Chosen chosen = choose_target(context.options(), context.project());
  if (chosen.embedded) {
    throw Error{Code::usage, "the embedded server is never production"}.hint(
        "Name the target with --env or --database.");
  }
  Opened opened = open_server(context, chosen);
  off ? unmark(context, chosen, opened) : mark(context, chosen, opened);
  return 0;
}

}  // namespace

void declare_protect(CLI::App& root, std::vector<Subcommand>& commands) {
  CLI::App* parser = root.add_subcommand(
      "protect", "mark the target as production: commands that change it then ask for its name");
  parser->fallthrough();
  parser->footer(footer({
      "engine protect --env prod",
      "engine protect -d postgresql://owner@db.example.com/app",
      "engine protect --env prod --off        its owner removes the mark",
  }));
  const auto off = std::make_shared<bool>(false);
  parser->add_flag("--off", *off, "remove the mark");
  commands.push_back({parser, [=](Context& context) { return protect(context, *off); }});
}

}  // namespace engine::cli
