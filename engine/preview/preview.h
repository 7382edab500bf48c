// A plan on a shadow: run, run again, rolled back, run once more, with a tracer listening.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "approval/approval.h"
#include "cluster/shadow.h"
#include "plan/plan.h"
#include "runner/run_options.h"
#include "shadow/source.h"

namespace engine::preview {

struct Options {
  /// The severity from which on a finding fails the preview (exit 8); nothing: none does.
  std::optional<event::Severity> fail_on = event::Severity::danger;
  /// Those of the command line that make the same preview again: " --rows 5".
  std::string flags;
  /// What the preview approves; may be nullptr.
  approval::Approval* approval = nullptr;
  /// The statements of the plan as a script; may be nullptr.
  std::string* sql = nullptr;
};

using MakeShadow = std::function<std::unique_ptr<cluster::ShadowServer>()>;

/// Tells what it finds as events of the host's listener, and ends with the exit status of what it
/// found: 0, or 8. Never touches the target but through `source`. Never throws.
event::RunFinished preview(const plan::Plan& plan, const MakeShadow& make_shadow,
                           shadow::ShadowSource& source, const Options& options,
                           const runner::RunOptions& run_options,
                           const runner::RunEnvironment& host);

}  // namespace engine::preview
