// Masks as the target's catalog bears them out.
#pragma once

#include "shadow/masks.h"
#include "shadow/target_reader.h"

namespace engine::shadow {

/// Each masks a column that a table of the target has, as a known kind or by an expression that the
/// server can read; and what is masked of a table is masked of its partitions and children, where
/// the rows are. Throws Error{usage} that names the mask: one that is misspelt would protect
/// nothing.
Masks checked_masks(TargetReader& reader, const Masks& masks);

}  // namespace engine::shadow
