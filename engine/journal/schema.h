// The journal's schema: the scripts that make it, compiled into the program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "db/connection.h"

namespace engine::journal {

/// Scripts by version: the first makes version 1, each further one upgrades by one. They travel
/// with `{schema}` in place of the schema's name.
const std::vector<std::string_view>& upgrade_scripts();
std::string_view begin_script();  // before them, in their transaction
std::string_view close_script();  // after them

/// Makes or upgrades the schema to `version`, alone among all engines of this database. Nothing
/// happens where it stands.
void install(db::Connection& connection, const std::string& schema, int version);

}  // namespace engine::journal
