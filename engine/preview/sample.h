// Tables of which not all rows are on the shadow, and what is said of them.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "database_state/database_state.h"
#include "shadow/source.h"
#include "trace/trace.h"

namespace engine::preview {

/// As the plan found them, with the partitioned tables that they are of.
std::set<std::string> sampled_tables(const shadow::ShadowSource& source,
                                     const database_state::DatabaseState& before);

struct SampleEvents {
  bool written = false;  // are any of them?
  std::string note;      // of those that the plan writes or decides by; "": there are none
};
SampleEvents sample_events(const shadow::ShadowSource& source,
                           const database_state::DatabaseState& before,
                           const std::set<std::string>& sampled,
                           const std::vector<trace::StatementTrace>& statements);

}  // namespace engine::preview
