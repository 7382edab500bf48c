// Rows by difference: what the backup does not have is deleted, what differs or is missing comes
// from the copies.
#pragma once

#include <vector>

#include "backup/manifest.h"
#include "backup/rows.h"
#include "db/connection.h"

namespace engine::backup {

/// The tables have the columns of their row sets. User triggers, rules and, where the role may,
/// foreign keys stay silent. Gives the differences found, one entry a set. Throws Error{backup}
/// where the rows cannot be exchanged.
std::vector<RowCounts> exchange_rows(db::Connection& connection, const Manifest& manifest,
                                     const std::vector<RowSet>& sets);

}  // namespace engine::backup
