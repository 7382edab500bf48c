#include "script/cancel.h"

#include "script/errors.h"
#include "script/lua.h"

namespace engine::script {
namespace {

constexpr const char* error_key = "engine.interrupted";

// Count 1 with CALL and RET: whatever a pcall catches, the next instruction raises again.
void raise_interrupted(lua_State* lua, lua_Debug*) {
  if (!interrupt::requested()) {
    lua_sethook(lua, nullptr, 0, 0);
    return;
  }
  lua_getfield(lua, LUA_REGISTRYINDEX, error_key);
  lua_error(lua);
}

}  // namespace

void install_cancel(lua_State* lua) {
  // Made beforehand: at the memory limit there may be no room for it.
  push_error(lua, Error{Code::interrupted, "interrupted"});
  lua_setfield(lua, LUA_REGISTRYINDEX, error_key);
}

Cancellable::Cancellable(lua_State* lua) : lua_(lua) {
  // lua_sethook is global to a state and its coroutines, and LuaJIT allows it from another thread.
  reaction_.emplace([lua] {
    lua_sethook(lua, raise_interrupted, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
  });
  if (interrupt::requested())
    lua_sethook(lua, raise_interrupted, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}

Cancellable::~Cancellable() {
  reaction_.reset();
  lua_sethook(lua_, nullptr, 0, 0);
}

}  // namespace engine::script
