// The guard before a production target.
#pragma once

#include "cli/context.h"
#include "cli/targets.h"

namespace engine::cli {

/// A target whose environment says `production = true` is changed only where its name was typed: by
/// --target, or at the prompt. A --target that names another one is refused everywhere. Throws
/// Error{refused}.
void guard_production(Context& context, const Chosen& chosen);

}  // namespace engine::cli
