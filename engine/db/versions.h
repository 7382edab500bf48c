// The libraries that speak with servers.
#pragma once

#include <string>

namespace engine::db {

std::string libpq_version();    // of the library that runs: "15.18"
std::string libpqxx_version();  // of the headers it was built with: "6.4.5"

}  // namespace engine::db
