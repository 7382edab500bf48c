// The statements that bring a relation's definition back to what its backup says, by difference.
#pragma once

#include "backup/columns.h"
#include "catalog/relation.h"

namespace engine::backup {

/// Before the rows: takes away what the backup does not have or has otherwise, and what would
/// refuse or change the rows that are put back. Foreign keys of other tables go only where their
/// key goes, and where the backup has them.
Statements loosen(const catalog::Relation& want, const catalog::Relation& have,
                  const ColumnPlan& plan);

/// Drops the table's foreign keys, and those of other tables to it that the backup has: without the
/// right to set the replica role they would act on the rows while these are exchanged.
Statements drop_keys(const catalog::Relation& want, const catalog::Relation& have);

/// After the rows: everything that is missing or differs, but privileges. `have` is the relation as
/// loosen() left it.
Statements tighten(const catalog::Relation& want, const catalog::Relation& have);

}  // namespace engine::backup
