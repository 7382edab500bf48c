// Text for people: safe to show, and wrapped to the columns there are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace engine::report {

/// Text from a database, a plan or a person, safe on a terminal: secrets redacted first, then every
/// control and direction-changing character escaped. Keeps line breaks.
std::string shown(std::string_view raw);
/// The same on one line: runs of white space become one space.
std::string shown_on_one_line(std::string_view raw);
/// Its first line: of a manual step's question, whose reason and list stand below.
std::string first_line_shown(std::string_view raw);

std::string pad(std::string text, std::size_t columns, char with = ' ');
/// Lines of at most `columns`, broken at the text's own line breaks and at spaces; a longer word is
/// cut through. Never empty.
std::vector<std::string> wrap(std::string_view text, std::size_t columns);

/// Cut to `columns` in its middle, so that two texts that begin alike stay apart.
std::string elided(std::string_view text, std::size_t columns);

inline constexpr std::size_t label_columns = 11;

/// `label` and the text beside it, wrapped under itself; "" where the text is empty.
///     hint        Create the function first, then
///                 run again.
std::string labelled(std::size_t indent, std::string_view label, std::string_view text,
                     std::size_t columns);

}  // namespace engine::report
