#include "hazard/target/index_size.h"

#include <algorithm>
#include <cmath>

namespace engine::hazard {
namespace {

// By the layout of B-trees: a line pointer and a header for each entry, which is aligned; of equal
// ones, six bytes a row behind the first (deduplication, which unique indexes and INCLUDE have no
// use for); a tenth of each page is left free, and inner pages take a hundredth.
constexpr double pointer = 4, header = 8, alignment = 8, listed = 6, fill = 0.9, inner = 1.01;
constexpr double page = 8192;

double aligned(double bytes) { return std::ceil(bytes / alignment) * alignment; }

}  // namespace

std::optional<SizeRange> size_of_index(const RuleContext& context, const catalog::Relation& was,
                                       const catalog::Index& index, double rows) {
  const auto table = context.production.widths.find(was.name.quoted());
  if (index.method != "btree" || table == context.production.widths.end()) return std::nullopt;
  double width = 0, values = 1;
  std::vector<std::string> columns = index.columns;
  columns.insert(columns.end(), index.included.begin(), index.included.end());
  for (const std::string& name : columns) {
    const auto column = table->second.find(name);
    if (column == table->second.end()) return std::nullopt;
    width += column->second.width;
    const double distinct = column->second.distinct;
    values *= std::max(1.0, distinct < 0 ? -distinct * rows : distinct);
  }
  values = std::min(values, rows);
  const double entry = header + aligned(width) + pointer;
  const auto whole = [](double bytes) { return bytes / fill * inner + page; };
  SizeRange size{whole(rows * entry), whole(rows * (entry + alignment))};
  if (!index.unique && index.included.empty())
    size.low = std::min(size.low, whole(rows * listed + values * entry));
  if (!index.predicate.empty()) size.low = page;
  return size;
}

}  // namespace engine::hazard
