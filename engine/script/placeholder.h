// What stands for a word that a plan got wrong while it loads, so that one mistake hides no other.
#pragma once

#include "base/error.h"

struct lua_State;

namespace engine::script {

void install_stand_in(lua_State* lua);

/// While the plan loads: puts the error among its problems and pushes a value that can be called,
/// read and joined without end, and of which nothing is said any more. Else throws the error.
int stand_in(lua_State* lua, Error error);

bool is_stand_in(lua_State* lua, int index);

}  // namespace engine::script
