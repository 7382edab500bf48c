// Which indexes the planner takes for a query.
#pragma once

#include <string>
#include <vector>

#include "db/connection.h"

namespace engine::verify {

/// Explains the query where reading whole tables is discouraged (enable_seqscan = off): what the
/// planner could do on a table large enough. The setting lasts until the surrounding transaction or
/// savepoint is rolled back; the last result is the plan.
std::vector<db::Command> index_use_queries(const std::string& sql, const db::Params& params);
/// The names of the indexes in a plan.
std::vector<std::string> indexes_used(const db::Result& plan);

}  // namespace engine::verify
