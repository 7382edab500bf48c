// The shape of help pages: what to do before what to set.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Formatter.hpp>
#include <string>
#include <vector>

namespace engine::cli {

/// "engine db start"
std::string invocation(const CLI::App& command);
/// Its commands that help shows.
std::vector<const CLI::App*> commands_of(const CLI::App& app);

/// 88 columns: what it is, usage, arguments, commands, flags by group, examples.
class HelpPage : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
};

}  // namespace engine::cli
