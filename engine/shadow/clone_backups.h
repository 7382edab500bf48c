// Backups that an earlier run took, on the shadow.
#pragma once

#include <string>

#include "shadow/clone_rows.h"

namespace engine::shadow {

/// Brings some rows of the copies that the journal knows, and makes each manifest speak of the
/// shadow: its OIDs, its column numbers, and counts and checksums of the rows that came along.
void clone_backups(TargetReader& reader, RowClone& rows, db::Connection& shadow,
                   const std::string& journal);

}  // namespace engine::shadow
