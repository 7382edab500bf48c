// The program from its arguments to its exit status.
#pragma once

#include "cli/hardening.h"

namespace engine::cli {

/// Throws nothing.
int program(const Arguments& words);

}  // namespace engine::cli
