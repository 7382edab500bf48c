// The engines on a database, as their server sees them, and what strikes them.
#pragma once

#include "faults/fault_case.h"
#include "support/database.h"

namespace test {

/// pg_terminate_backend on all of their sessions.
void end_engines(const Database& database);

/// Until none of their sessions is left; false after half a minute. A crashed server is waited for.
bool becomes_quiet(const Database& database);

/// What the proxy does, and when. A takeover is ordered by whoever has the two engines.
Fault fault_of(const FaultCase& fault_case, const Database& database);

}  // namespace test
