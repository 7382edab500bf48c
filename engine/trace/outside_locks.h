// Which locks a statement outside a transaction took, as far as its text and what it did tell. It
// has given them back when one can look, and who looks on meanwhile may miss them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "trace/observer.h"
#include "trace/trace.h"

namespace engine::trace {

/// Adds to a statement that was alone the locks that were not seen: by what it names and by the
/// tables that it read or wrote, in the modes of lock_facts().
void add_outside_locks(StatementTrace& statement, const std::vector<std::string>& search_path,
                       const std::map<std::uint32_t, VisibleRelation>& relations);

}  // namespace engine::trace
