// How the first line of a command names its target.
#pragma once

#include <string>

#include "cli/targets.h"
#include "db/connection.h"
#include "journal/protection.h"

namespace engine::cli {

/// By what the server itself says, and the address that answered: "app on db.example.com:5432
/// (10.0.0.5) as deploy with role owner, standby, production, env prod".
std::string first_line(db::Connection& connection, const Chosen& chosen,
                       const journal::Protection& protection);

}  // namespace engine::cli
