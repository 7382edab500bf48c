// Questions about the target's rows, which the shadow has few of: would they let the plan through?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace engine::hazard {

struct Probe {
  std::string of;  // nulls, duplicates, orphans, violations, conflicts, strays, misfits, copied
  std::string relation;  // quoted
  std::string object;    // the constraint, index, column or parent that they are for
  std::string named;     // what the statement names instead of the relation; "": nothing
  int at = -1;           // the statement that would fail; -1: it is not known
  std::string sql;       // the question; "" where none could be made
  bool written = false;  // has SQL of the plan in it, whose names are those of its search_path
  std::string result;    // none, found, not_probed
  std::int64_t rows = 0;
  bool more = false;                  // at least so many
  std::vector<std::string> examples;  // primary keys
  std::string reason;                 // why it was not asked
  std::int64_t ms = 0;
};

}  // namespace engine::hazard
