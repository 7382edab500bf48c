#include "script/verify_lua.h"

#include <memory>
#include <string>

#include "base/error.h"
#include "base/interrupt.h"
#include "script/lua.h"
#include "script/state.h"

namespace engine::script {
namespace {

constexpr std::size_t small_limit = 8u << 20;

Error unfit(const char* what) {
  return Error{Code::internal, "this LuaJIT {}, so the engine runs no plan on it", what}.hint(
      "Use your distribution's LuaJIT package, built with external unwinding.");
}

struct Flag {
  bool& flag;
  ~Flag() { flag = true; }
};

/// Raises through a C++ frame. Upvalue 1: where its destructor tells that it ran.
int raise_through_frame(lua_State* lua) {
  const Flag flag{*static_cast<bool*>(lua_touserdata(lua, lua_upvalueindex(1)))};
  return luaL_error(lua, "raised");
}

void raise_always(lua_State* lua, lua_Debug*) { luaL_error(lua, "ended"); }

void begin_raising(lua_State* lua, lua_Debug*) {
  lua_sethook(lua, raise_always, LUA_MASKCALL | LUA_MASKRET | LUA_MASKCOUNT, 1);
}

void verify_unwinding(State& state) {
  bool destroyed = false;
  lua_pushlightuserdata(state.lua(), &destroyed);
  lua_pushcclosure(state.lua(), raise_through_frame, 1);
  const bool raised = lua_pcall(state.lua(), 0, 0, 0) != 0;
  lua_settop(state.lua(), 0);
  if (!raised || !destroyed) throw unfit("does not run destructors when an error passes them");
}

// The loop ends by itself, so that an engine on an unfit LuaJIT does not hang here.
void verify_hooks(State& state) {
  state.compile(state.lua(), R"(
    local n = 0
    while n < 3e6 do
      pcall(function() for i = 1, 1e5 do n = n + 1 end end)
    end)",
                "=verify");
  lua_sethook(state.lua(), begin_raising, LUA_MASKCOUNT, 1000);
  const bool ended = lua_pcall(state.lua(), 0, 0, 0) != 0;
  lua_sethook(state.lua(), nullptr, 0, 0);
  lua_settop(state.lua(), 0);
  if (!ended) throw unfit("cannot end a loop behind pcall");
}

void verify_memory(State& state) {
  state.compile(state.lua(), "local t = {} for i = 1, 1e7 do t[i] = { i } end", "=verify");
  try {
    state.call(0);
  } catch (const Error& error) {
    if (error.code() == Code::memory) return;
  }
  throw unfit("does not respect a memory limit");
}

}  // namespace

void verify_lua() {
  const auto state = std::make_shared<State>(
      StateOptions{.primitives = {}, .memory_limit = small_limit, .project = {}});
  try {
    verify_unwinding(*state);
    verify_hooks(*state);
    verify_memory(*state);
  } catch (const Error&) {
    // Every loop ends early then: that says nothing of this LuaJIT.
    interrupt::check();
    throw;
  }
}

}  // namespace engine::script
