// From the rows of the catalog queries to the parts of a relation.
#pragma once

#include "catalog/relation.h"
#include "catalog/row.h"

namespace engine::catalog {

Relation relation_of(const Row& row);
Column column_of(const Row& row);
Constraint constraint_of(const Row& row);
Index index_of(const Row& row);
Trigger trigger_of(const Row& row);
Policy policy_of(const Row& row);
Rule rule_of(const Row& row);
ExtendedStatistics statistics_of(const Row& row);
Sequence sequence_of(const Row& row);
Publication publication_of(const Row& row);

}  // namespace engine::catalog
