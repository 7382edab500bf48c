#include "cli/help.h"

#include <cctype>
#include <vector>

#include "base/text.h"
#include "report/layout.h"

namespace engine::cli {
namespace {

constexpr std::size_t page_columns = 88;
constexpr std::size_t name_columns = 26;

/// "  --to STEP                 what it says", its words kept right of the names.
std::string entry(const std::string& name, const std::string& what) {
  const std::string margin(2 + name_columns, ' ');
  std::string page = "  " + name;
  if (name.size() < name_columns)
    page.append(name_columns - name.size(), ' ');
  else
    page += "\n" + margin;
  return page + text::joined(report::wrap(what, page_columns - margin.size()), "\n" + margin) +
         "\n";
}

/// CLI11 adds what a validator allows after a colon.
std::string type_of(const CLI::Option& option) {
  if (option.get_type_size() == 0) return "";
  const std::string type = option.get_type_name();
  return " " + type.substr(0, type.find(':')) + (option.get_expected_max() > 1 ? " ..." : "");
}

std::string flag_name(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return text::joined(names, ", ") + type_of(option);
}

std::string argument_name(const CLI::Option& option) { return type_of(option).substr(1); }

/// The words beside a command's name, where they stand alone.
std::string sentence(std::string words) {
  if (words.empty() || words.back() == '.') return words;
  words.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(words.front())));
  return words + ".";
}

std::vector<const CLI::Option*> arguments_of(const CLI::App& app) {
  return app.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

std::string usage(const CLI::App& app) {
  std::string line = "Usage: " + invocation(app);
  if (!commands_of(app).empty()) line += " COMMAND";
  line += " [flags]";
  for (const CLI::Option* argument : arguments_of(app)) {
    const std::string name = argument_name(*argument);
    line += argument->get_required() ? " " + name : " [" + name + "]";
  }
  return line + "\n";
}

}  // namespace

std::string invocation(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? "engine" : invocation(*parent) + " " + command.get_name();
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* command) { return !command->get_group().empty(); });
}

std::string HelpPage::make_help(const CLI::App* app, std::string /*name*/,
                                CLI::AppFormatMode /*mode*/) const {
  std::string page = sentence(app->get_description()) + "\n\n" + usage(*app);
  const auto title = [&](const std::string& text) { page += "\n" + text + ":\n"; };
  if (const auto arguments = arguments_of(*app); !arguments.empty()) {
    title("Arguments");
    for (const CLI::Option* argument : arguments)
      page += entry(argument_name(*argument), argument->get_description());
  }
  if (const auto commands = commands_of(*app); !commands.empty()) {
    title("Commands");
    for (const CLI::App* command : commands)
      page += entry(command->get_name(), command->get_description());
  }
  for (const std::string& group : app->get_groups()) {
    const auto flags = app->get_options([&](const CLI::Option* option) {
      return option->get_group() == group && option->nonpositional();
    });
    if (flags.empty()) continue;
    title(group == "Options" ? "Flags" : group);
    for (const CLI::Option* flag : flags) page += entry(flag_name(*flag), flag->get_description());
  }
  return page + "\n" + app->get_footer() + "\n";
}

}  // namespace engine::cli
