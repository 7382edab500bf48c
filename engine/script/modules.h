// require: files of the plan's folder, and of lib-lua.
#pragma once

#include <string>

struct lua_State;

namespace engine::script {

class Problems;
struct Chunk;

/// Makes the word `require`.
void install_require(lua_State* lua);

/// Names that a chunk uses and nobody knows; found without running it, in every branch of it.
void check_words(lua_State* lua, const Chunk& chunk, Problems& problems);

}  // namespace engine::script
