// How a secret can stand in a text: as itself, quoted, escaped, encoded, wrapped, or cut.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace engine::redactor {

inline constexpr std::size_t nowhere = std::string_view::npos;

/// Where in a text a secret ends.
struct Reach {
  std::size_t whole = nowhere;  // behind its last byte
  std::size_t cut = nowhere;    // before the mark of a cut
};

/// Follows the secret, from its byte `from` on, through the text from `at` on. Each of its
/// characters may be itself, or be written as in a literal or an identifier of SQL, JSON, HTML, a
/// URL, or an escape with backslashes; white space may be any other, and lines may be broken within
/// it. A cut is told where at least `least` bytes stand before its mark: an ellipsis, the 63 bytes
/// of a quoted name, or the end of the text.
Reach follow(std::string_view secret, std::size_t from, std::string_view text, std::size_t at,
             std::size_t least);

/// How many bytes the mark of a cut has at that place: 0 where there is none.
std::size_t ellipsis_at(std::string_view text, std::size_t at);

/// May a secret that begins with this character be written with that byte first?
bool may_begin(char secret, char written);

/// What has to be looked for besides the secret itself: as hexadecimal digits (bytea), as base64,
/// and each line of a secret that has several.
std::vector<std::string> derived(std::string_view secret);

}  // namespace engine::redactor
