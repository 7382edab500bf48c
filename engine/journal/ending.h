// An engine whose session somebody ended: the mark that keeps it from going on with its run.
#pragma once

#include <string>

#include "db/connection.h"
#include "journal/run_lock.h"

namespace engine::journal {

/// Leaves the mark for the engine of `holder`, in the run and the epoch that it works on. To be set
/// before the session is ended: that engine connects again at once. False where the session has no
/// run yet; its engine then ends with its session. Throws Error where the journal cannot be
/// written.
bool mark_ended(db::Connection& connection, const std::string& schema, const LockHolder& holder);

/// Who ended the session of this epoch: `role`, `host` and `at`. No row: nobody did, or another
/// engine has taken the run over since.
db::Command find_ending(const std::string& schema, const std::string& run, std::int64_t epoch);

}  // namespace engine::journal
