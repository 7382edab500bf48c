// The program from its arguments to its exit status.
#pragma once

#include <string>
#include <vector>

namespace engine::cli {

/// `arguments` without the program's name. Throws nothing.
int program(std::vector<std::string> arguments);

}  // namespace engine::cli
