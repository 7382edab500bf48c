// Questions about the target's rows, which the shadow has few of: would they let the plan through?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace engine::preview {

struct Probe {
  std::string of;        // nulls, duplicates, orphans, violations, misfits
  std::string relation;  // quoted
  std::string object;    // the constraint, index or column that they are for
  std::string sql;       // the question; "" where none could be made
  std::string result;    // none, found, not_probed
  std::int64_t rows = 0;
  bool more = false;                  // at least so many
  std::vector<std::string> examples;  // primary keys
  std::string reason;                 // why it was not asked
  std::int64_t ms = 0;
};

}  // namespace engine::preview
