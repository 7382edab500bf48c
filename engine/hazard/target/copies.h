// What a plan asks of rows that it copies: would the table that they go to take them?
#pragma once

#include <vector>

#include "database_state/database_state.h"
#include "hazard/target/probe.h"
#include "trace/trace.h"

namespace engine::hazard {

/// Of INSERT … SELECT from tables that stood: NOT NULL, checks, foreign keys, keys, partitions.
/// The query itself is asked, with the tables as they are called before the plan. What cannot be
/// asked is not_probed, one for each statement.
std::vector<Probe> questions_of_copies(const database_state::DatabaseState& before,
                                       const database_state::DatabaseState& after,
                                       const std::vector<trace::StatementTrace>& statements);

}  // namespace engine::hazard
