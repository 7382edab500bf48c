// The embedded target of the working directory.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/server.h"
#include "cluster/fixture.h"
#include "plan/plan.h"

namespace engine::cli {

/// Starts the server where it must, makes the plan's database and loads its fixture into it where
/// that is new.
Server open_embedded(Context& context, const plan::Plan& plan);

/// A plan's database, none where it was not made yet; makes and starts nothing. Throws
/// Error{unreachable} where the server is stopped.
std::optional<Server> embedded_database(const std::string& name);

/// A fixture, which may include texts of lib-lua.
cluster::Fixture read_fixture(const Context& context, const std::string& path);

/// Every database that plans made on it; none where there is no embedded server yet.
std::vector<Server> embedded_databases(Context& context);

/// The folder that it belongs to.
std::string working_folder();

}  // namespace engine::cli
