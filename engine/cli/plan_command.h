// What every command on a plan needs: the plan, its target, and the runner's surroundings.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <memory>
#include <string>

#include "cli/context.h"
#include "cli/server.h"
#include "cli/targets.h"
#include "db/connection.h"
#include "plan/plan.h"
#include "runner/run_options.h"
#include "runner/runner.h"
#include "script/plan_loader.h"

namespace engine::cli {

enum class Purpose { changes, reads };

/// How every command loads plans.
script::LoadOptions load_options(const Context& context);

class PlanCommand {
 public:
  /// Loads the plan; touches no database. Throws Error{plan_invalid}.
  PlanCommand(Context& context, const std::string& path);
  PlanCommand(const PlanCommand&) = delete;
  PlanCommand& operator=(const PlanCommand&) = delete;
  ~PlanCommand();

  const plan::Plan& plan() const;
  /// An answers file to fill in.
  std::string questions() const;
  runner::RunOptions options;

  using Work = std::function<event::RunFinished(
      const plan::Plan&, db::Connection, const runner::RunOptions&, const runner::RunEnvironment&)>;
  /// Opens the target (an embedded one is started and given the plan's fixture) and does the work
  /// on it. Gives the exit status.
  int perform(Purpose purpose, const Work& work);

  using Aside =
      std::function<event::RunFinished(const plan::Plan&, const Server* target,
                                       const runner::RunOptions&, const runner::RunEnvironment&)>;
  /// Work that reads the target at most, on a connection of its own; `named` instead of a target:
  /// there is none.
  int perform_aside(const std::string& named, const Aside& work);

 private:
  struct Loaded;
  void describe(const Chosen& chosen, const std::string& label);
  runner::RunEnvironment host();

  Context& context_;
  std::unique_ptr<Loaded> loaded_;
};

/// The positional PLAN of a command.
std::shared_ptr<std::string> declare_plan(CLI::App& command);

}  // namespace engine::cli
