// The engine that works on a target now, or that left its session behind.
#pragma once

#include "cli/context.h"
#include "db/connection.h"

namespace engine::cli {

enum class HolderAction { wait, cancel, end };

/// Waits until nobody works on the target, cancels the statement that runs there, or ends the
/// session and with it the run. `schema` is the journal's. Says what it did. Throws
/// Error{interrupted}, and Error{lock_held} where a session does not go.
void treat_holder(Context& context, db::Connection& connection, const std::string& schema,
                  HolderAction towards);

}  // namespace engine::cli
