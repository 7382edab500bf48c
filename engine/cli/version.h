// The engine's own version.
#pragma once

#include <string_view>

namespace engine::cli {

constexpr std::string_view version() { return ENGINE_VERSION; }

}  // namespace engine::cli
