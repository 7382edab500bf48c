// What is left of Lua's own library, and what is put around it.
#pragma once

struct lua_State;

namespace engine::script {

/// Opens base, string, table, math and bit one by one (never jit: so the compiler stays off, and a
/// hook can end any loop), keeps what a plan may use, and wraps what could crash or hang the
/// process: gsub and coroutines by depth, xpcall's handler by the interrupt flag, rep by size.
void install_sandbox(lua_State* lua);

}  // namespace engine::script
