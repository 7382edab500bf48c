// What a statement's text and trace say, as several look for it.
#pragma once

#include <string>
#include <string_view>

#include "trace/trace.h"

namespace engine::trace {

constexpr int row_exclusive = 3, share_update_exclusive = 4, share = 5, share_row_exclusive = 6,
              exclusive = 7, access_exclusive = 8;

/// "orders" of "public.orders".
std::string bare_name(const std::string& qualified);

/// Does the text have the word, in any case, not as a part of another?
bool mentions(std::string_view text, std::string_view word);
inline bool says(const StatementTrace& statement, std::string_view word) {
  return mentions(statement.sql, word);
}

/// Was a table written anew?
bool rewrote(const StatementTrace& statement);

}  // namespace engine::trace
