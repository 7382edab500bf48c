// The relations that a statement's text names, and what it does to each.
#pragma once

#include <string>
#include <vector>

#include "base/names.h"

namespace engine::sql {

struct NamedRelation {
  QualifiedName name;  // as written: the schema may be empty
  /// "INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "CLUSTER", "ANALYZE", "VACUUM", "VACUUM
  /// FULL", "REINDEX", "REINDEX CONCURRENTLY", "CREATE INDEX CONCURRENTLY", "DROP INDEX
  /// CONCURRENTLY", "DETACH CONCURRENTLY"; "" where it is read, or another statement changes it.
  std::string done;
};

/// What functions, triggers, rules and views use is not seen, and a name may be that of a WITH.
/// None where the grammar does not know the text.
std::vector<NamedRelation> named_relations(const std::string& statement);

}  // namespace engine::sql
