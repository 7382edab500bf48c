// Which indexes the planner takes for a query.
#pragma once

#include <string>
#include <vector>

#include "db/connection.h"

namespace engine::verify {

/// The indexes of the plan where reading whole tables is discouraged (enable_seqscan = off): what
/// the planner could do on a table large enough. The setting lasts until the surrounding
/// transaction or savepoint is rolled back.
std::vector<std::string> indexes_used(db::Connection& connection, const std::string& sql,
                                      const db::Params& params);

}  // namespace engine::verify
