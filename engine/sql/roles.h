// The roles that a statement names.
#pragma once

#include <string>
#include <vector>

namespace engine::sql {

/// As OWNER TO, GRANT … TO, a policy or SET ROLE name them; none where the statement makes or drops
/// roles, or the grammar does not know it. Each once.
std::vector<std::string> roles_named(const std::string& statement);

}  // namespace engine::sql
