// What stands between the engine and its server.
#pragma once

#include <functional>
#include <string>

#include "db/connection.h"

namespace engine::cli {

/// A run needs one server session for itself: its lock and its settings live there. Behind a pooler
/// that pools transactions or statements this throws Error{refused} naming the port to use; behind
/// one that is proven to pool sessions it gives a warning; without a pooler "".
std::string check_pooler(db::Connection& connection, const db::Target& target,
                         const std::function<db::Connection()>& connect);

}  // namespace engine::cli
