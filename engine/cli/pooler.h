// What stands between the engine and its server.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "db/connection.h"

namespace engine::cli {

/// Another session with the same target, within this time.
using Connect = std::function<db::Connection(std::chrono::seconds patience)>;

/// A run needs one server session for itself: its lock and its settings live there. Behind a pooler
/// that pools transactions or statements this throws Error{refused} naming the port to use, and
/// behind one where that cannot be found out; behind one that is proven to pool sessions, however
/// few, it gives a warning; without a pooler "".
std::string check_pooler(db::Connection& connection, const db::Target& target,
                         const Connect& connect);

}  // namespace engine::cli
