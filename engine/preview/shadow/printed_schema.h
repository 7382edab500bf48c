// The target's schema without pg_dump.
#pragma once

#include <string>
#include <vector>

#include "preview/shadow/reader.h"

namespace engine::preview {

/// Scripts that make the schema as far as the catalog printer goes. Some want what a later one
/// makes: they are to be tried again.
struct PrintedSchema {
  std::vector<std::string> scripts;
  std::vector<std::string> missing;  // what is not among them: phrases
};

PrintedSchema print_schema(Reader& reader);

}  // namespace engine::preview
