// Asks the target whether its rows would let the plan through.
#pragma once

#include <vector>

#include "database_state/database_state.h"
#include "hazard/target/probe.h"
#include "shadow/target_reader.h"
#include "trace/trace.h"

namespace engine::hazard {

/// What the plan asks of rows that were there before it, by the catalog before and after: NOT NULL,
/// uniqueness, exclusions, foreign keys, checks, domains, bounds of partitions, other types.
/// Nothing is asked yet.
std::vector<Probe> questions(const database_state::DatabaseState& before,
                             const database_state::DatabaseState& after,
                             const std::vector<trace::StatementTrace>& statements);

/// Asks them in the reader's transaction, which cannot write; each has a few seconds and counts to
/// a thousand. Only primary keys are read. What is refused is not_probed, with the reason.
void ask(shadow::TargetReader& target, std::vector<Probe>& probes);

}  // namespace engine::hazard
