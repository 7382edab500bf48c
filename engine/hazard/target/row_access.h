// Which rows of sampled tables the statements of a plan met on the shadow.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "hazard/target/rule_context.h"

namespace engine::hazard {

/// A place in the plan: a statement, however often it was executed there, with other values too.
struct Place {
  const trace::StatementTrace* statement = nullptr;  // as it was executed first
  /// Sampled tables that it writes, with the rows that it wrote there; partitions count with what
  /// they are partitions of.
  std::map<std::string, std::int64_t> written;
  std::set<std::string> read;  // that it names or reads besides
  bool changes_rows = false;   // INSERT, UPDATE, DELETE, MERGE
  std::int64_t rows = 0;       // that it says it changed
};

/// In the order of their first execution; without what was taken back.
std::vector<Place> places(const RuleContext& context);

}  // namespace engine::hazard
