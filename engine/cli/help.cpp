#include "cli/help.h"

namespace engine::cli {

HelpPage::HelpPage() {
  constexpr std::size_t flag_columns = 28;
  column_width(flag_columns);
  label("SUBCOMMAND", "COMMAND");
  label("OPTIONS", "flags");
}

std::string HelpPage::make_help(const CLI::App* app, std::string name,
                                CLI::AppFormatMode mode) const {
  if (app->get_parent() != nullptr) return CLI::Formatter::make_help(app, name, mode);
  std::string page = make_description(app);
  page += "\nUsage: engine COMMAND [flags]\n";
  page += make_subcommands(app, mode);
  page += make_groups(app, mode);
  page += make_footer(app);
  return page;
}

}  // namespace engine::cli
