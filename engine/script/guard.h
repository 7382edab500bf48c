// The border between Lua and C++: every function that Lua can call goes through it.
#pragma once

#include "script/primitive.h"

struct lua_State;

namespace engine::script {

using HostFunction = int (*)(lua_State*);

/// Runs host code for Lua: without the plan's memory limit, and with Error and std::exception
/// turned into a Lua error table that is raised after the handler has ended. Lua errors pass
/// through untouched; never write catch (...) on the way.
int run_guarded(lua_State* lua, HostFunction body);

/// A HostFunction as a lua_CFunction.
template <HostFunction body>
int guarded(lua_State* lua) {
  return run_guarded(lua, body);
}

/// Pushes a function that calls the primitive. It must outlive the state.
void push_primitive(lua_State* lua, const Primitive& primitive);

}  // namespace engine::script
