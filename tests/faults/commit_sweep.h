// The esquisse plan run, and rolled back, with a fault at one message after the other.
#pragma once

#include <functional>
#include <string>

#include "support/proxy.h"

namespace test {

/// A fault at every COMMIT, or at every nth one: `after` and `before` it is sent, and
/// `after_reply`. With ENGINE_FULL_FAULTS set at every message: an Execute, or a Sync
/// `after_reply`.
///
/// Each time the command is given again where it did not end well by itself. What had committed
/// before that is what the journal says; in the end nothing is missing, nothing happened twice, and
/// schema, access and rows are those of an undisturbed command.
void sweep_commits(Fault::Action action, Fault::When when, int every);

/// The same on another server, with this fault and then the `every`th message after it, and so on;
/// `mend` follows on each.
void sweep_commits(const std::string& server, Fault fault, int every,
                   const std::function<void()>& mend);

}  // namespace test
