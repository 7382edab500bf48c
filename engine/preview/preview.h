// A plan on a shadow: run, run again, rolled back, run once more, with a tracer listening.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "cluster/shadow.h"
#include "preview/approval/approval.h"
#include "preview/shadow/source.h"
#include "runner/plan.h"
#include "runner/run_options.h"

namespace engine::preview {

struct Options {
  /// The severity from which on a finding fails the preview (exit 8); "never": none does.
  std::string fail_on = "danger";
  /// Those of the command line that make the same preview again: " --rows 5".
  std::string flags;
  /// What the preview approves; may be nullptr.
  Approval* approval = nullptr;
  /// The statements of the plan as a script; may be nullptr.
  std::string* sql = nullptr;
};

using MakeShadow = std::function<std::unique_ptr<cluster::ShadowServer>()>;

/// Tells what it finds as events of the host's listener, and ends with the exit status of what it
/// found: 0, or 8. Never touches the target but through `source`. Never throws.
runner::RunFinished preview(const runner::Plan& plan, const MakeShadow& make_shadow, Source& source,
                            const Options& options, const runner::RunOptions& run_options,
                            const runner::Host& host);

}  // namespace engine::preview
