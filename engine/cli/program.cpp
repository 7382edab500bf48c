#include "cli/program.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <algorithm>
#include <new>

#include "base/interrupt.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/version.h"

namespace engine::cli {
namespace {

constexpr const char* about =
    "Runs database migration guides as plans on PostgreSQL. Each step is verified, and recorded in "
    "a\n"
    "journal. A stopped run can be resumed, and finished steps can be rolled back in reverse "
    "order.";

constexpr const char* examples =
    "Examples:\n"
    "  engine new add_names                     create a first plan\n"
    "  engine run plans/add_names.lua           run it on the embedded PostgreSQL\n"
    "  engine run plans/add_names.lua --env staging\n"
    "  engine rollback plans/add_names.lua      undo its steps\n"
    "  engine COMMAND --help                    arguments and flags of a command\n";

void declare_options(CLI::App& app, Options& options) {
  const std::string group = "Everywhere";
  const auto text = [&](const char* name, std::string& value, const char* type, const char* what) {
    app.add_option(name, value, what)->type_name(type)->group(group);
  };
  const auto flag = [&](const char* name, bool& value, const char* what) {
    app.add_flag(name, value, what)->group(group);
  };
  text("-d,--database", options.database, address_type,
       "the target: any libpq URI or key=value string, or `embedded`");
  text("--env", options.env, "NAME", "the target by its name in engine.toml");
  text("--target", options.target, "NAME",
       "the target's name, to confirm a change of a production target");
  app.add_option("--set", options.set, "answer an input, a manual step or a confirmation")
      ->type_name(answer_type)
      ->group(group)
      ->allow_extra_args(false);
  text("--answers", options.answers, "FILE", "read answers from this JSON object");
  flag("-y,--yes", options.yes,
       "answer every confirmation with yes, every other question with its default");
  flag("--json", options.json, "print only JSON events on standard output, one per line");
  flag("-q,--quiet", options.quiet, "print only failures and the result");
  flag("-v,--verbose", options.verbose, "also print statements and passed checks");
  flag("--no-color", options.no_color, "no colours (NO_COLOR in the environment does the same)");
  text("--lib-lua", options.lib_lua, "DIR", "read lib-lua from this folder (for its development)");
}

void declare_commands(CLI::App& app, std::vector<Subcommand>& commands) {
  for (Declare* declare : {declare_run, declare_preview, declare_rollback, declare_resolve,
                           declare_verify, declare_task, declare_status, declare_protect,
                           declare_db, declare_doctor, declare_new, declare_reference}) {
    declare(app, commands);
  }
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!command->get_group().empty()) command->group("Commands");
  }
}

/// `--database "$UNSET"` would go on as if the flag were not there: on another target, or undoing
/// more than was meant.
void refuse_empty_values(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_type_size() == 0) continue;
    option->check([](const std::string& value) {
      return value.empty() ? std::string{"is given an empty value"} : std::string{};
    });
  }
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    refuse_empty_values(*command);
}

/// What the parser took as addresses and answers, however they were written.
void add_confidential(const CLI::App& app, std::vector<std::string>& values) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_type_name() != address_type && option->get_type_name() != answer_type) continue;
    values.insert(values.end(), option->results().begin(), option->results().end());
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    add_confidential(*command, values);
}

/// The innermost command that was chosen.
const CLI::App& chosen(const CLI::App& app) {
  const CLI::App* current = &app;
  while (!current->get_subcommands().empty()) current = current->get_subcommands().front();
  return *current;
}

bool is_command(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* command = &app;
  for (const std::string& word : words) {
    const auto found =
        command->get_subcommands([&](const CLI::App* child) { return child->check_name(word); });
    if (found.empty()) return false;
    command = found.front();
  }
  return true;
}

std::vector<std::string> flags_of(const CLI::App* command) {
  std::vector<std::string> names;
  for (; command != nullptr; command = command->get_parent()) {
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

std::vector<std::string> names_of(const std::vector<const CLI::App*>& commands) {
  std::vector<std::string> names;
  for (const CLI::App* command : commands) names.push_back(command->get_name());
  return names;
}

/// CLI11's own sentences, except where the nearest word can be named.
Error usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = chosen(app);
  const std::string help =
      fmt::format("`{} --help` lists its arguments and flags.", invocation(command));
  const std::vector<std::string> rest = app.remaining(true);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr || rest.empty()) {
    std::string words = error.what();
    if (!words.empty()) words.front() = text::lower(words).front();
    return Error{Code::usage, words}.hint(help);
  }
  const std::string word = rest.front().substr(0, rest.front().find('='));
  if (word.starts_with('-')) {
    return Error{Code::usage, "{} has no flag {}{}", invocation(command), word,
                 text::did_you_mean(word, flags_of(&command))}
        .hint(help);
  }
  const std::vector<std::string> commands = names_of(commands_of(command));
  if (!commands.empty()) {
    return Error{Code::usage, "{} has no command \"{}\"{}", invocation(command), word,
                 text::did_you_mean(word, commands)}
        .hint(help);
  }
  return Error{Code::usage, "{} does not expect \"{}\"", invocation(command), word}.hint(help);
}

int guarded(Context& context, const std::function<int()>& work) {
  try {
    return work();
  } catch (const Error& error) {
    return context.fail(error);
  } catch (const std::bad_alloc&) {
    return context.fail(Error{Code::memory, "this machine has run out of memory"});
  } catch (const std::exception& error) {
    return context.fail(Error{Code::internal, "{}", error.what()}.hint(
        "This is a defect of the engine. Report the command, this text and `engine --version`."));
  }
}

}  // namespace

std::string footer(const std::vector<std::string>& lines) {
  std::string text = "Examples:\n";
  for (const std::string& line : lines) text += "  " + line + "\n";
  return text + "\nFlags for target, answers and output: engine --help";
}

int program(const Arguments& words) {
  words.redact_passwords();
  std::vector<std::string> arguments = words.words();
  CLI::App app{about, "engine"};
  Options options;
  std::vector<Subcommand> commands;
  app.footer(examples);
  app.set_help_flag("-h,--help", "this help; COMMAND --help for a command's");
  app.set_version_flag("--version", "engine " + std::string{version()}, "the program's version");
  app.require_subcommand(0, 1);
  app.formatter(std::make_shared<HelpPage>());
  declare_options(app, options);
  declare_commands(app, commands);
  refuse_empty_values(app);

  std::optional<Error> refused;
  std::string text;
  if (arguments.empty()) text = app.help();
  if (!arguments.empty() && arguments.front() == "help") {  // `engine help run`
    arguments.erase(arguments.begin());
    if (is_command(app, arguments)) arguments.emplace_back("--help");
  }
  try {
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes a vector
    app.parse(std::move(arguments));
    std::vector<std::string> confidential;
    add_confidential(app, confidential);
    words.show_without(confidential);
  } catch (const CLI::CallForHelp&) {
    text = app.help();
  } catch (const CLI::CallForVersion&) {
    text = fmt::format("engine {}\n", version());
  } catch (const CLI::ParseError& error) {
    refused = usage_error(app, error);
  }

  Context context{options};
  return guarded(context, [&] {
    if (refused) throw *refused;
    if (!text.empty()) {
      context.print(text);
      return context.leave(0);
    }
    context.read_answers();
    interrupt::check();
    const CLI::App* wanted = &chosen(app);
    for (const Subcommand& command : commands) {
      if (command.parser == wanted) return context.leave(command.perform(context));
    }
    throw Error{Code::usage, "{} needs a command: {}", invocation(*wanted),
                text::listed(names_of(commands_of(*wanted)), "or")}
        .hint(fmt::format("`{} --help` lists them.", invocation(*wanted)));
  });
}

}  // namespace engine::cli
