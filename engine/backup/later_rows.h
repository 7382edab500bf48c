// Rows that were written after a backup: kept before it is put back.
#pragma once

#include <optional>
#include <string>

#include "backup/backup.h"
#include "backup/columns.h"
#include "backup/manifest.h"
#include "backup/naming.h"
#include "backup/rows.h"

namespace engine::backup {

/// The columns that the table has besides the paired ones, with what a row has there that nobody
/// wrote to.
std::vector<Added> added_columns(db::Connection& connection, const catalog::Relation& table,
                                 const std::vector<Pairing>& pairings);

/// Copies whole rows, as the table has them now, to a table that nobody but its owner may read.
Kept keep_written_since(db::Connection& connection, const Origin& origin,
                        const QualifiedName& table, const RowComparison& comparison,
                        const std::string& name);

}  // namespace engine::backup
