// How large an index that the plan builds would be on the target.
#pragma once

#include <optional>
#include <string>

#include "hazard/target/rule_context.h"

namespace engine::hazard {

struct SizeRange {
  double low = 0, high = 0;  // bytes
};

/// By the widths of its columns in so many rows; none of what is no B-tree, of expressions, and
/// where the table was never analyzed.
std::optional<SizeRange> size_of_index(const RuleContext& context, const catalog::Relation& was,
                                       const catalog::Index& index, double rows);

}  // namespace engine::hazard
