// A guide, a page of Markdown, as its headings and SQL blocks, with what its comments say about who
// carries them.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace engine::guide {

/// `<!-- carried by: step "Backup", hint 42P01: why it looks otherwise -->` or
/// `<!-- left out: why -->`.
struct Marker {
  bool left_out = false;
  std::vector<std::string> names;  // as written: `step "Backup"`, `hint 42P01`, `support`
  std::string note;
};

/// Throws Error{usage} where the text is neither form.
Marker read_marker(const std::string& words);

struct Part {
  bool heading = true;
  int level = 0;     // of a heading; of a block: its heading's
  int line = 0;      // from 1
  std::string text;  // a heading's words; a block's SQL
  std::optional<Marker> marker;
};

/// In their order. A comment that stands directly above an SQL block speaks of the block, any other
/// of the heading above it. Throws Error{usage} for a comment that speaks of nothing.
std::vector<Part> parts_of(const std::string& page);

}  // namespace engine::guide
