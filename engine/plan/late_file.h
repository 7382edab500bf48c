// A file that the plan's code read by a name which was not known when the plan was loaded. The
// checksum of its step does not cover it.
#pragma once

#include <string>

#include "base/error.h"

namespace engine::plan {

struct LateFile {
  std::string path;   // from the plan's folder
  std::string shown;  // as people write it
  std::string text, digest;
  bool module = false;  // by require; else by sql.file
  Source at;            // of the code that read it
};

}  // namespace engine::plan
