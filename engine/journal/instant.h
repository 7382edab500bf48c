// Times as the journal's readers get them.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace engine::journal {

/// SQL: a column as "2026-11-20T23:15:02.417Z".
inline std::string utc(std::string_view column) {
  return fmt::format(
      "pg_catalog.to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')", column);
}

}  // namespace engine::journal
