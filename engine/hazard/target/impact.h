// What a statement of the plan would cost the target: ranges, and what they come from.
#pragma once

#include <vector>

#include "event/event.h"
#include "hazard/target/rule_context.h"

namespace engine::hazard {

/// Work of a kind, as it went on PostgreSQL 15 with tables of 0.2 to 2 million rows: from a warm
/// cache on a quiet machine to a cold disk with others at work.
struct Rate {
  const char* work;          // scan, rewrite, index build, foreign key, rows, copy
  double low, high;          // units a second: slowest, fastest
  const char* unit;          // MB, rows
  double wal_low, wal_high;  // bytes written ahead, a byte or a row
};
extern const std::vector<Rate> rates;

/// None without a target: a fixture has no size that counts.
std::vector<event::Impact> impacts(const RuleContext& context);

}  // namespace engine::hazard
