// A standby that was promoted under a living engine may lack what this run had committed before.
#pragma once

#include <string>

#include "runner/session/context.h"

namespace engine::runner {

/// With the next flush: records the server's timeline with the run, and says where a standby was
/// promoted since the run was last worked on. "": the run that the queue begins.
void add_timeline(Context& context, const std::string& run);

/// After a connection was made again: the journal that answers now must have every step that this
/// command saw committed, and none that it undid. Throws Error{failover}, which names what is lost.
void refuse_lost_steps(Context& context);

}  // namespace engine::runner
