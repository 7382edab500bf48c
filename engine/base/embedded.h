// Files compiled into the program by embed() of engine/embed.cmake.
#pragma once

#include <span>
#include <string_view>

namespace engine {

struct EmbeddedFile {
  std::string_view path;  // relative to the folder that embed() was given
  std::string_view text;
};

/// The text of a file. Throws Error{internal} for one that was not embedded.
std::string_view embedded_text(std::span<const EmbeddedFile> files, std::string_view path);

}  // namespace engine
