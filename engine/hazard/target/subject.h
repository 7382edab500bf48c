// Which table a scan, a build or a validation is of: the server tells its name alone, and a plan
// may rename a table and make another of its name.
#pragma once

#include <string>
#include <vector>

#include "hazard/target/rule_context.h"

namespace engine::hazard {

// All by quoted names, as they were before the plan; tables that the plan made are left out.

/// Of each index that the statement built; a table as often as indexes of it.
std::vector<std::string> tables_built_on(const RuleContext& context,
                                         const trace::StatementTrace& statement);
/// That were written anew.
std::vector<std::string> tables_rewritten(const RuleContext& context,
                                          const trace::StatementTrace& statement);
/// That were read to prove a constraint.
std::vector<std::string> tables_verified(const RuleContext& context,
                                         const trace::StatementTrace& statement);
/// Whose rows were checked against foreign keys: those that refer, not those referred to.
std::vector<std::string> tables_validated(const RuleContext& context,
                                          const trace::StatementTrace& statement);

}  // namespace engine::hazard
