// How deep a JSON text is nested. nlohmann's parser takes any depth, but to write, copy or walk
// what it read recurses.
#pragma once

#include <cstddef>
#include <string_view>

namespace engine {

/// Are there more lists and objects within one another than that? The text need not be valid.
bool json_is_deeper_than(std::string_view json, std::size_t levels);

/// No file of the engine's own comes near.
constexpr std::size_t deepest_json = 200;

}  // namespace engine
