// Everything in a database that its users would miss: schema, access and rows, as comparable lines.
#pragma once

#include <string>
#include <vector>

#include "db/target.h"

namespace test {

using Picture = std::vector<std::string>;

/// Sorted. The engine's own schemas are left out, and where sequences stand. What matches `masked`,
/// a regular expression of PostgreSQL, counts as equal in rows.
Picture picture(const engine::db::Target& target, const std::string& masked = "");

/// "lost: …" and "new: …"; empty exactly where the two are equal.
std::vector<std::string> changes(const Picture& before, const Picture& after);

}  // namespace test
