// What each command needs of this machine and of a target, and whether it is there.
#pragma once

#include <string>

#include "cli/diagnosis.h"
#include "db/connection.h"

namespace engine::cli {

/// A line for each command on a plan, with what to type where it cannot work. Looks, and changes
/// nothing. `schema` is the journal's.
void examine_commands(db::Connection& connection, const std::string& schema, Diagnosis& diagnosis);

}  // namespace engine::cli
