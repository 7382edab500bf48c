// The Lua that plans run on.
#pragma once

#include <string>

namespace engine::script {

std::string luajit_version();  // "LuaJIT 2.1.0-beta3"

}  // namespace engine::script
