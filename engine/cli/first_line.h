// How the first line of a command names its target.
#pragma once

#include <string>

#include "cli/targets.h"
#include "db/connection.h"
#include "journal/protection.h"

namespace engine::cli {

struct Introduction {
  std::string line;
  journal::Protection protection;
};

/// In one round trip, by what the server itself says, and the address that answered: "app on
/// db.example.com:5432 (10.0.0.5) as deploy with role owner, standby, production, env prod".
Introduction introduce(db::Connection& connection, const Chosen& chosen);

}  // namespace engine::cli
