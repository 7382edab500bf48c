// Backups that an earlier run took, on the shadow.
#pragma once

#include <string>

#include "preview/shadow/clone_rows.h"

namespace engine::preview {

/// Brings some rows of the copies that the journal knows, and makes each manifest speak of the
/// shadow: its OIDs, its column numbers, and counts and checksums of the rows that came along.
void clone_backups(Reader& reader, RowClone& rows, db::Connection& shadow,
                   const std::string& journal);

}  // namespace engine::preview
