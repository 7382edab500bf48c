// What a plan needs of its target, asked before anything is touched.
#pragma once

#include "runner/session/context.h"

namespace engine::runner {

/// One round trip, and one a plan that must have run before. Throws Error{needs} with all that is
/// missing; its hint is that of the SQLSTATE which the lack would have caused.
void check_needs(Context& context);

/// The plan's own function, which may look at its inputs: they are known by then. Throws
/// Error{needs} with the reason that it gives.
void check_condition(Context& context);

}  // namespace engine::runner
