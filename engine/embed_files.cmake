# Run by embed() while building: writes the C++ source that holds the files.

string(REPLACE "|" ";" files "${FILES}")
set(entries "")
foreach(name IN LISTS files)
  file(READ "${FOLDER}/${name}" text)
  string(APPEND entries "    {\"${name}\", R\"embedded_file(${text})embedded_file\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "#include <span>

#include \"base/embedded.h\"

namespace ${NAMESPACE} {
namespace {
constexpr engine::EmbeddedFile files[] = {
${entries}};
}  // namespace

extern const std::span<const engine::EmbeddedFile> ${VARIABLE};
const std::span<const engine::EmbeddedFile> ${VARIABLE}{files};
}  // namespace ${NAMESPACE}
")
