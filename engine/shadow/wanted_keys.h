// The foreign keys that a plan failed on, since the shadow lacked what its rows refer to.
#pragma once

#include <vector>

#include "base/error.h"
#include "db/connection.h"
#include "shadow/clone_rows.h"

namespace engine::shadow {

/// Of a plan that ended with `error` in the database of `shadow`: those that the statement adds, in
/// functions and DO blocks too, and those that wait there for VALIDATE CONSTRAINT. Where several
/// tables may be meant, of each; some of those lack the columns. None where it ended otherwise.
std::vector<Shape::Key> wanted_keys(const Error& error, db::Connection& shadow);

}  // namespace engine::shadow
