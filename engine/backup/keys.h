// Foreign keys against the rows, where the server did not check them.
#pragma once

#include <string>
#include <vector>

#include "backup/closure.h"
#include "backup/rows.h"

namespace engine::backup {

/// Sentences, one a foreign key of the row sets' tables or to them whose rows refer to nothing:
/// with the replica role the server itself did not look. Keys that are not validated may have such
/// rows.
std::vector<std::string> orphans(db::Connection& connection, const std::vector<RowSet>& sets);

/// Rows of tables outside of the backup that refer to rows which putting back would delete:
/// sentences with table and count. `comparisons` has one for each set.
std::vector<std::string> held_rows(db::Connection& connection, const std::vector<RowSet>& sets,
                                   const std::vector<RowComparison>& comparisons);

}  // namespace engine::backup
