// A text cut at its semicolons without the parser: for what the parser does not know.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "sql/scanner.h"

namespace engine::sql {

struct Piece {
  Extent extent;                    // without semicolon, blanks and comments around it
  Extent sql;                       // the part for the parser: COPY without the rows that follow it
  std::optional<std::size_t> psql;  // where a command of psql begins; the piece ends with its line
};

/// Semicolons within parentheses (CREATE RULE) and within BEGIN ATOMIC … END do not end a piece.
/// Pieces without a word are left out.
std::vector<Piece> pieces(std::string_view text);

}  // namespace engine::sql
