// What can be asked about the secrets that the redactor knows.
#pragma once

#include <string_view>

namespace engine::redactor {

/// A secret of 1 to 3 bytes, or of white space alone, is replaced only where it is all of a text,
/// or stands in quotes or as one value of a row: everywhere else it would destroy the text.
bool is_short(std::string_view secret);

/// Does a secret that is not short stand in the text, all of it and in whatever form?
bool holds_secret(std::string_view text);

}  // namespace engine::redactor
