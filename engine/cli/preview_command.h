// What `preview` and `run --dry-run` have in common.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cli/context.h"
#include "cli/plan_command.h"
#include "cli/preview_files.h"
#include "preview/preview.h"

namespace engine::cli {

struct PreviewFlags {
  std::string from;
  std::string shadow;  // address of a database that is lent
  shadow::Bounds bounds;
  preview::Options options;
  PreviewPaths files;
  std::vector<const CLI::Option*> declared;  // as they were typed
};

/// `only_with`: the flag without which they mean nothing, or nullptr.
std::shared_ptr<PreviewFlags> declare_preview_flags(CLI::App& parser, CLI::Option* only_with);

/// Gives the exit status.
int preview_plan(Context& context, PlanCommand& command, const PreviewFlags& flags);

}  // namespace engine::cli
