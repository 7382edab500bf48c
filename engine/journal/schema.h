// The journal's schema: the scripts that make it, compiled into the program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "db/connection.h"

namespace engine::journal {

/// The version that this engine makes: schema/1.sql makes the first, each further file upgrades by
/// one. They travel with `{schema}` in place of the schema's name.
int newest_schema();

/// Makes or upgrades the schema to `version`, alone among all engines of this database. Nothing
/// happens where it stands.
void install(db::Connection& connection, const std::string& schema, int version);

}  // namespace engine::journal
