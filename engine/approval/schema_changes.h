// What a step did to the schema, as lines that are the same on the shadow and on the target.
#pragma once

#include <map>
#include <set>
#include <string>

#include "database_state/database_state.h"

namespace engine::approval {

/// By object ("table public.t") what became of it: "column label is new", "column label: type is
/// text", "is gone".
using SchemaChanges = std::map<std::string, std::set<std::string>>;

/// Definitions, owners, privileges, policies and roles.
SchemaChanges schema_changes(const database_state::DatabaseState& before,
                             const database_state::DatabaseState& after);

void add(SchemaChanges& all, const SchemaChanges& more);

struct Comparison {
  bool whole = true;   // what was approved must all be there; else it may still come
  bool worded = true;  // else only which objects changed: another version prints otherwise
};

/// Where changes are not those that were approved, for people: `changes table public.t, which was
/// not approved: column label is new`; "" where they are.
std::string unapproved_change(const SchemaChanges& approved, const SchemaChanges& actual,
                              const Comparison& comparison);

}  // namespace engine::approval
