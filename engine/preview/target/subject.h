// Which table a scan, a build or a validation is of: the server tells its name alone, and a plan
// may rename a table and make another of its name.
#pragma once

#include <string>
#include <vector>

#include "preview/target/scene.h"

namespace engine::preview {

// All by quoted names, as they were before the plan; tables that the plan made are left out.

/// Of each index that the statement built; a table as often as indexes of it.
std::vector<std::string> tables_built_on(const Scene& scene, const StatementTrace& statement);
/// That were written anew.
std::vector<std::string> tables_rewritten(const Scene& scene, const StatementTrace& statement);
/// That were read to prove a constraint.
std::vector<std::string> tables_verified(const Scene& scene, const StatementTrace& statement);
/// Whose rows were checked against foreign keys: those that refer, not those referred to.
std::vector<std::string> tables_validated(const Scene& scene, const StatementTrace& statement);

}  // namespace engine::preview
