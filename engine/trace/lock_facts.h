// Which locks each kind of statement takes: for what cannot be executed on a shadow. Traced, not
// typed: tests/trace/lock_facts_test.cpp executes each of them and compares.
#pragma once

#include <span>
#include <string>

namespace engine::trace {

struct LockFact {
  const char* statement;  // on a table t with index i, as it was executed
  const char* on;         // table, index, table it refers to …
  const char* mode;       // the strongest: "AccessExclusiveLock"
  bool scans;             // reads all rows meanwhile
  bool rewrites;          // writes the table anew
};

std::span<const LockFact> lock_facts();

/// The reference page.
std::string locks_page();

}  // namespace engine::trace
