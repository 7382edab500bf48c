// What a target offers a run: version, rights, encryption, clock.
#pragma once

#include <string>

#include "cli/diagnosis.h"
#include "db/connection.h"

namespace engine::cli {

/// Looks, and changes nothing. `schema` is the journal's.
void examine_target(db::Connection& connection, const db::Target& target, const std::string& schema,
                    Diagnosis& diagnosis);

}  // namespace engine::cli
