#include "base/embedded.h"

#include "base/error.h"

namespace engine {

std::string_view embedded_text(std::span<const EmbeddedFile> files, std::string_view path) {
  for (const auto& file : files) {
    if (file.path == path) return file.text;
  }
  throw Error{Code::internal, "{} is not compiled into the program", path};
}

}  // namespace engine
