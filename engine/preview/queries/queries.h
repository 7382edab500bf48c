// The SQL of this layer: the files in queries/, compiled into the program.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/embedded.h"

namespace engine::preview {

extern const std::span<const EmbeddedFile> queries;

/// `query("locks")` is queries/locks.sql.
inline std::string query(std::string_view name) {
  return std::string{embedded_text(queries, std::string{name} + ".sql")};
}

}  // namespace engine::preview
