// A command declares its arguments to the parser and is performed after parsing.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>
#include <vector>

#include "cli/context.h"

namespace engine::cli {

struct Subcommand {
  const CLI::App* parser;
  std::function<int(Context&)> perform;  // gives the exit status, or throws Error
};

/// Every command's file defines one of these.
using Declare = void(CLI::App& root, std::vector<Subcommand>& commands);
Declare declare_run, declare_preview, declare_rollback, declare_resolve, declare_verify,
    declare_task, declare_status, declare_protect, declare_db, declare_doctor, declare_new,
    declare_reference;

/// Under a command's help: examples and the flags that work everywhere.
std::string footer(const std::vector<std::string>& examples);

}  // namespace engine::cli
