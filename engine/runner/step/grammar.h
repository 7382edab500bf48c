// SQL that no server of the target's version can read.
#pragma once

#include "plan/plan.h"

namespace engine::runner {

/// What to write instead, where the words of PostgreSQL's parser point at a variable of psql; "".
std::string instead_of_psql_variable(std::string_view problem);

/// Throws Error{refused} with every statement of the plan, rollbacks and tasks included, that
/// PostgreSQL's grammar does not know. A server newer than the grammar may know it: then nothing is
/// refused.
void refuse_unknown_sql(const plan::Plan& plan, int server_version);

}  // namespace engine::runner
