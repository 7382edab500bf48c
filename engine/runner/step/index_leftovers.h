// What statements outside a transaction leave behind when they fail.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "runner/step/index_catalog.h"

namespace engine::runner {

/// May it be the index of this CREATE INDEX, by its name?
bool has_name(const Intent& intent, const IndexNow& index);

/// A statement failed: the error says what it left, and what stood in its way. True where it left
/// nothing.
bool explain(db::Connection& connection, Error& error, const Intent& intent);

/// What statements of a step made at this moment and did not finish, a sentence each.
std::vector<std::string> unfinished(db::Connection& connection, const History& history,
                                    const std::string& moment);

}  // namespace engine::runner
