// What goes on in the target while the plan is previewed: how busy it is, and who is in the way.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "shadow/target_reader.h"

namespace engine::hazard {

/// By the server's statistics, as averages of the time since they began.
struct Activity {
  double reads_per_s = 0;   // scans begun
  double writes_per_s = 0;  // rows written
  std::int64_t heap_bytes = 0;
};

/// What ANALYZE knows of a column.
struct Width {
  double width = 0;     // bytes of a value, NULLs counted as none
  double distinct = 0;  // values; less than 0: as a share of the rows
};

struct Production {
  int version = 0;                                  // 140002; 0: there is no target
  std::int64_t oldest_transaction_s = 0;            // of other sessions
  std::string oldest;                               // who that is: "psql, app, idle in transaction"
  std::int64_t prepared = 0;                        // transactions that wait for COMMIT PREPARED
  std::map<std::string, std::int64_t> index_scans;  // by quoted name
  std::map<std::string, Activity> activity;         // by quoted name
  std::map<std::string, std::string> jobs;          // of pg_cron, by name or number: their commands
  std::map<std::string, std::map<std::string, Width>> widths;  // by quoted name and column
  std::int64_t statistics_s = 0;                               // that they were gathered for
};

/// In the reader's transaction. What the role may not see is left out.
Production read_production(shadow::TargetReader& target);

}  // namespace engine::hazard
