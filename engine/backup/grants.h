// Exactly the privileges that a backup recorded: not one less, and none that default privileges
// added.
#pragma once

#include "backup/columns.h"
#include "backup/manifest.h"
#include "catalog/relation.h"

namespace engine::backup {

/// Nothing where they are equal. Where not, all are revoked and given again.
Statements change_grants(const catalog::Relation& want, const catalog::Relation& have);
Statements change_grants(const Routine& want, const Routine& have);

}  // namespace engine::backup
