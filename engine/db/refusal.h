// Why a server could not be reached, and what to do about it. Private to db.
#pragma once

#include <libpq-fe.h>

#include "base/error.h"
#include "db/target.h"

namespace engine::db {

/// libpq tells the SQLSTATE of a connection that failed only in its verbose words, and those only
/// of another attempt. Makes that attempt where a server refused the first one; it may succeed.
void ask_for_sqlstate(PGconn* handle);

/// The error of a handle that has no connection: the server's or libpq's words, the SQLSTATE where
/// a server gave one, and a hint that names the cause.
Error refusal_of(const Target& target, PGconn* handle);

}  // namespace engine::db
