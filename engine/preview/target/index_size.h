// How large an index that the plan builds would be on the target.
#pragma once

#include <optional>
#include <string>

#include "preview/target/scene.h"

namespace engine::preview {

struct SizeRange {
  double low = 0, high = 0;  // bytes
};

/// By the widths of its columns in so many rows; none of what is no B-tree, of expressions, and
/// where the table was never analyzed.
std::optional<SizeRange> size_of_index(const Scene& scene, const catalog::Relation& was,
                                       const catalog::Index& index, double rows);

}  // namespace engine::preview
