// What changed between two texts, line by line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace engine::diff {

struct Line {
  char mark;  // '-' only before, '+' only after, ' ' in both, '~' lines of both are left out here
  std::string text;
  bool operator==(const Line&) const = default;
};

/// The changed lines, with `context` lines of both around them; nothing where the texts are equal.
/// What is taken away comes before what takes its place. A line that only got or lost its last
/// comma, since another one follows it now or no longer, counts as the same, where anything else
/// has changed.
std::vector<Line> unified(std::string_view before, std::string_view after, std::size_t context);

}  // namespace engine::diff
