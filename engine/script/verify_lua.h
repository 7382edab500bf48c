// What the engine assumes of LuaJIT, proved before the first plan of a process loads.
#pragma once

namespace engine::script {

/// A few milliseconds. Throws Error{internal} where this LuaJIT does not run C++ destructors when a
/// Lua error passes them, cannot end a loop behind pcall, or ignores the memory limit: then no plan
/// may run on it.
void verify_lua();

}  // namespace engine::script
