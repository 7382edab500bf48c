// The SQL files of this layer, compiled into the program.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/embedded.h"

namespace engine::verify {

extern const std::span<const EmbeddedFile> queries;

/// `query("inventory")` is queries/inventory.sql.
inline std::string query(std::string_view name) {
  return std::string{embedded_text(queries, std::string{name} + ".sql")};
}

}  // namespace engine::verify
