// What goes on in the target while the plan is previewed: how busy it is, and how large.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace engine::preview {

struct TableActivity {
  double writes_per_s = -1;  // rows written; -1: not known
  double reads_per_s = -1;   // scans begun
  std::string basis;         // "average of 3 days", "during this preview"
};

struct Production {
  int version = 0;                        // 140002; 0: there is no target
  std::int64_t oldest_transaction_s = 0;  // of other sessions
  std::string oldest;                     // who that is: "psql of app, idle in transaction"
  std::int64_t prepared = 0;              // transactions that wait for COMMIT PREPARED
  std::map<std::string, std::int64_t> index_scans;  // by quoted name
  std::map<std::string, TableActivity> activity;    // by quoted name
};

}  // namespace engine::preview
