#include "script/placeholder.h"

#include "script/lua.h"
#include "script/lua_types.h"
#include "script/problems.h"
#include "script/state.h"

namespace engine::script {
namespace {

constexpr const char* metatable_name = "engine.stand_in";

int push_again(lua_State* lua) {
  lua_getfield(lua, LUA_REGISTRYINDEX, "engine.stand_in.value");
  return 1;
}

int to_text(lua_State* lua) {
  lua_pushliteral(lua, "(unknown)");
  return 1;
}

}  // namespace

void install_stand_in(lua_State* lua) {
  lua_newuserdata(lua, 1);
  luaL_newmetatable(lua, metatable_name);
  for (const char* event : {"__index", "__call", "__concat", "__add", "__sub", "__mul", "__div",
                            "__mod", "__pow", "__unm", "__len"}) {
    lua_pushcfunction(lua, push_again);
    lua_setfield(lua, -2, event);
  }
  lua_pushcfunction(lua, to_text);
  lua_setfield(lua, -2, "__tostring");
  lua_pushboolean(lua, 0);
  lua_setfield(lua, -2, "__metatable");
  lua_setmetatable(lua, -2);
  lua_setfield(lua, LUA_REGISTRYINDEX, "engine.stand_in.value");
}

int stand_in(lua_State* lua, Error error) {
  State& state = State::of(lua);
  if (state.problems() == nullptr) throw error;
  if (!error.source()) error.at(state.sources().running(lua));
  state.problems()->add_once(error);
  return push_again(lua);
}

bool is_stand_in(lua_State* lua, int index) { return has_metatable(lua, index, metatable_name); }

}  // namespace engine::script
