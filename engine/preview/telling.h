// Traces as events.
#pragma once

#include <vector>

#include "preview/picture/picture.h"
#include "preview/target/probe.h"
#include "preview/trace/trace.h"
#include "runner/event.h"

namespace engine::preview {

/// Locks, traces and timelines, in the order of the statements. Somebody may be waiting only for
/// what was there before the plan: locks on anything else are left out.
std::vector<runner::EventBody> told(const std::vector<StatementTrace>& statements,
                                    const Picture& before);

runner::Probed told(const Probe& probe);

}  // namespace engine::preview
