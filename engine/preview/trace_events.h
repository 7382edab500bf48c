// Traces as events.
#pragma once

#include <vector>

#include "database_state/database_state.h"
#include "event/event.h"
#include "hazard/target/probe.h"
#include "trace/trace.h"

namespace engine::preview {

/// Locks, traces and timelines, in the order of the statements. Somebody may be waiting only for
/// what was there before the plan: locks on anything else are left out.
std::vector<event::EventBody> trace_events(const std::vector<trace::StatementTrace>& statements,
                                           const database_state::DatabaseState& before);

event::Probed probe_event(const hazard::Probe& probe);

}  // namespace engine::preview
