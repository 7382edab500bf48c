// Masks as the target's catalog bears them out.
#pragma once

#include "preview/shadow/masks.h"
#include "preview/shadow/reader.h"

namespace engine::preview {

/// Each masks a column that a table of the target has, as a known kind or by an expression that the
/// server can read; and what is masked of a table is masked of its partitions and children, where
/// the rows are. Throws Error{usage} that names the mask: one that is misspelt would protect
/// nothing.
Masks checked_masks(Reader& reader, const Masks& masks);

}  // namespace engine::preview
