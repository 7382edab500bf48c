// What a plan asks of rows that it copies: would the table that they go to take them?
#pragma once

#include <vector>

#include "preview/picture/picture.h"
#include "preview/target/probe.h"
#include "preview/trace/trace.h"

namespace engine::preview {

/// Of INSERT … SELECT from tables that stood: NOT NULL, checks, foreign keys, keys, partitions.
/// The query itself is asked, with the tables as they are called before the plan. What cannot be
/// asked is not_probed, one for each statement.
std::vector<Probe> questions_of_copies(const Picture& before, const Picture& after,
                                       const std::vector<StatementTrace>& statements);

}  // namespace engine::preview
