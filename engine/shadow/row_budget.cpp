#include "shadow/row_budget.h"

#include <algorithm>
#include <numeric>

namespace engine::shadow {

std::vector<std::int64_t> row_budget(std::int64_t whole, const std::vector<std::int64_t>& wishes) {
  std::vector<std::size_t> modest(wishes.size());
  std::iota(modest.begin(), modest.end(), std::size_t{0});
  std::sort(modest.begin(), modest.end(),
            [&](std::size_t a, std::size_t b) { return wishes[a] < wishes[b]; });
  std::vector<std::int64_t> given(wishes.size());
  auto left = static_cast<std::int64_t>(modest.size());
  for (const std::size_t i : modest) {
    given[i] = std::min(wishes[i], whole / left--);
    whole -= given[i];
  }
  return given;
}

}  // namespace engine::shadow
