// On which timeline of its server a run was worked on: a promoted standby begins another one.
#pragma once

#include <string>

#include "db/result.h"

namespace engine::journal {

/// Records the server's timeline with the run where it is not the last one recorded; with "" as the
/// run, that of the newest run. One of another server, from which the journal was copied, does not
/// count. Answers one row: `now`, and `before`, which is NULL at first. Shortly
/// after a promotion, until the first checkpoint, the server still names its former timeline.
db::Command record_timeline(const std::string& schema, const std::string& run);

}  // namespace engine::journal
