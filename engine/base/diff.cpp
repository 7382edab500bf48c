#include "base/diff.h"

#include <algorithm>
#include <cstdint>
#include <functional>

#include "base/text.h"

namespace engine::diff {
namespace {

using Lines = std::vector<std::string>;
using Same = std::function<bool(const std::string&, const std::string&)>;

// Of the table of longest common parts: 16 MB. Longer middles are told as replaced.
constexpr std::size_t most_cells = 4'000'000;

bool equal(const std::string& a, const std::string& b) { return a == b; }

bool equal_but_for_a_comma(const std::string& a, const std::string& b) {
  const auto stem = [](std::string_view line) {
    if (line.ends_with(',')) line.remove_suffix(1);
    return line;
  };
  return stem(a) == stem(b);
}

/// Lines of both are given as they are after.
std::vector<Line> compare(const Lines& before, const Lines& after, const Same& same) {
  std::size_t head = 0, was_end = before.size(), is_end = after.size();
  while (head < was_end && head < is_end && same(before[head], after[head])) ++head;
  while (was_end > head && is_end > head && same(before[was_end - 1], after[is_end - 1])) {
    --was_end;
    --is_end;
  }
  const std::size_t rows = was_end - head, columns = is_end - head;
  const bool aligned = rows * columns <= most_cells;
  // Of each pair of places: how many lines the rests from there on have in common.
  std::vector<std::uint32_t> common(aligned ? (rows + 1) * (columns + 1) : 0);
  const auto at = [&](std::size_t row, std::size_t column) -> std::uint32_t& {
    return common[row * (columns + 1) + column];
  };
  for (std::size_t row = aligned ? rows : 0; row-- > 0;) {
    for (std::size_t column = columns; column-- > 0;) {
      at(row, column) = same(before[head + row], after[head + column])
                            ? at(row + 1, column + 1) + 1
                            : std::max(at(row + 1, column), at(row, column + 1));
    }
  }
  std::vector<Line> lines;
  for (std::size_t i = 0; i < head; ++i) lines.push_back({' ', after[i]});
  std::size_t row = 0, column = 0;
  while (row < rows || column < columns) {
    const std::string* was = row < rows ? &before[head + row] : nullptr;
    const std::string* is = column < columns ? &after[head + column] : nullptr;
    if (aligned && was != nullptr && is != nullptr && same(*was, *is)) {
      lines.push_back({' ', *is});
      ++row;
      ++column;
    } else if (was != nullptr &&
               (is == nullptr || !aligned || at(row + 1, column) >= at(row, column + 1))) {
      lines.push_back({'-', *was});
      ++row;
    } else {
      lines.push_back({'+', *is});
      ++column;
    }
  }
  for (std::size_t i = is_end; i < after.size(); ++i) lines.push_back({' ', after[i]});
  return lines;
}

bool changes(const std::vector<Line>& lines) {
  return std::any_of(lines.begin(), lines.end(), [](const Line& line) { return line.mark != ' '; });
}

}  // namespace

std::vector<Line> unified(std::string_view before, std::string_view after, std::size_t context) {
  if (before == after) return {};
  const Lines was = before.empty() ? Lines{} : text::lines(before);
  const Lines is = after.empty() ? Lines{} : text::lines(after);
  std::vector<Line> all = compare(was, is, equal_but_for_a_comma);
  if (!changes(all)) all = compare(was, is, equal);

  std::vector<bool> kept(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].mark == ' ') continue;
    const std::size_t from = i < context ? 0 : i - context;
    const std::size_t until = std::min(all.size(), i + context + 1);
    for (std::size_t near = from; near < until; ++near) kept[near] = true;
  }
  std::vector<Line> lines;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (kept[i]) {
      lines.push_back(std::move(all[i]));
    } else if (!lines.empty() && lines.back().mark != '~') {
      lines.push_back({'~', ""});
    }
  }
  if (!lines.empty() && lines.back().mark == '~') lines.pop_back();
  return lines;
}

}  // namespace engine::diff
