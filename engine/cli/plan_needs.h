// What a plan needs of a target, and whether it is there.
#pragma once

#include "cli/diagnosis.h"
#include "db/connection.h"
#include "plan/plan.h"

namespace engine::cli {

/// What the plan needs: a version, roles, extensions; and the rights on the tables that its SQL
/// names. What functions of the plan do is not seen.
void examine_plan(db::Connection& connection, const plan::Plan& plan, Diagnosis& diagnosis);

}  // namespace engine::cli
