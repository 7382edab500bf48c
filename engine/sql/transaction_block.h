// Which statements PostgreSQL refuses in a transaction block. Private to sql.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace engine::sql {

/// False for what calls PreventInTransactionBlock() as far as the text alone tells. It does not
/// tell that CLUSTER or REINDEX names a partitioned table, or that a procedure commits.
bool may_run_in_transaction(const std::string& kind, const nlohmann::json& node);

/// CREATE INDEX, DROP INDEX, REINDEX, REFRESH or DETACH PARTITION … CONCURRENTLY.
bool is_concurrent(const std::string& kind, const nlohmann::json& node);

}  // namespace engine::sql
