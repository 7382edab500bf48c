#include "script/sandbox.h"

#include <string_view>

#include "base/interrupt.h"
#include "runner/session/session.h"
#include "script/globals.h"
#include "script/guard.h"
#include "script/lua.h"
#include "script/nesting.h"
#include "script/state.h"

namespace engine::script {
namespace {

/// Calls the wrapped function, upvalue 1, with the arguments.
int call_wrapped(lua_State* lua) {
  lua_pushvalue(lua, lua_upvalueindex(1));
  lua_insert(lua, 1);
  lua_call(lua, lua_gettop(lua) - 1, LUA_MULTRET);
  return lua_gettop(lua);
}

// Upvalues: resume as call_nested, the coroutine.
int resume_wrapped(lua_State* lua) {
  lua_pushvalue(lua, lua_upvalueindex(1));
  lua_pushvalue(lua, lua_upvalueindex(2));
  lua_insert(lua, 1);
  lua_insert(lua, 1);
  lua_call(lua, lua_gettop(lua) - 1, LUA_MULTRET);
  if (lua_toboolean(lua, 1) == 0) {
    lua_settop(lua, 2);
    return lua_error(lua);
  }
  return lua_gettop(lua) - 1;
}

int coroutine_wrap(lua_State* lua) {
  luaL_checktype(lua, 1, LUA_TFUNCTION);
  lua_State* const thread = lua_newthread(lua);
  lua_pushvalue(lua, 1);
  lua_xmove(lua, thread, 1);
  lua_pushvalue(lua, lua_upvalueindex(1));
  lua_insert(lua, -2);
  lua_pushcclosure(lua, resume_wrapped, 2);
  return 1;
}

// The handler runs while hooks are off: at an interruption it must not run at all.
int handle_unless_interrupted(lua_State* lua) {
  if (interrupt::requested()) return lua_gettop(lua);
  return call_wrapped(lua);
}

int guarded_xpcall(lua_State* lua) {
  luaL_checkany(lua, 2);
  lua_pushvalue(lua, 2);
  lua_pushcclosure(lua, handle_unless_interrupted, 1);
  lua_replace(lua, 2);
  return call_nested(lua);
}

// LuaJIT's own gives "" for a count beyond 32 bits.
int sized_rep(lua_State* lua) {
  std::size_t size = 0;
  luaL_checklstring(lua, 1, &size);
  const double count = luaL_checknumber(lua, 2);
  const auto limit = static_cast<double>(State::of(lua).memory().limit());
  if (count * static_cast<double>(size) > limit) return luaL_error(lua, "not enough memory");
  return call_wrapped(lua);
}

int load_text(lua_State* lua) {
  std::size_t size = 0;
  const char* const text = luaL_checklstring(lua, 1, &size);
  if (luaL_loadbufferx(lua, text, size, luaL_optstring(lua, 2, "=load"), "t") != 0) {
    lua_pushnil(lua);
    lua_insert(lua, -2);
    return 2;
  }
  push_environment(lua);
  lua_setfenv(lua, -2);
  return 1;
}

// Upvalue 1: tostring.
int print_note(lua_State* lua) {
  runner::Session* const session = State::of(lua).session();
  if (session == nullptr)
    throw Error{
        Code::wrong_moment,
        "print was called while the plan is loading; move it into a step's run, when or verify"};
  std::string text;
  for (int index = 1, count = lua_gettop(lua); index <= count; ++index) {
    lua_pushvalue(lua, lua_upvalueindex(1));
    lua_pushvalue(lua, index);
    call_back(lua, 1, 1);
    std::size_t size = 0;
    const char* const part = lua_tolstring(lua, -1, &size);
    if (index > 1) text += '\t';
    if (part != nullptr) text.append(part, size);
    lua_pop(lua, 1);
  }
  session->note(text);
  return 0;
}

void open_library(lua_State* lua, const char* name, lua_CFunction open) {
  lua_pushcfunction(lua, open);
  lua_pushstring(lua, name);
  lua_call(lua, 1, 0);
}

/// In the table on top: field = wrapper with the field's old value as its upvalue.
void wrap(lua_State* lua, const char* field, lua_CFunction wrapper) {
  lua_getfield(lua, -1, field);
  lua_pushcclosure(lua, wrapper, 1);
  lua_setfield(lua, -2, field);
}

void remove_all_globals(lua_State* lua) {
  lua_pushnil(lua);
  while (lua_next(lua, LUA_GLOBALSINDEX) != 0) {
    lua_pop(lua, 1);
    lua_pushvalue(lua, -1);
    lua_pushnil(lua);
    lua_rawset(lua, LUA_GLOBALSINDEX);
  }
}

}  // namespace

void install_sandbox(lua_State* lua) {
  open_library(lua, "", luaopen_base);
  open_library(lua, LUA_STRLIBNAME, luaopen_string);
  open_library(lua, LUA_TABLIBNAME, luaopen_table);
  open_library(lua, LUA_MATHLIBNAME, luaopen_math);
  open_library(lua, LUA_BITLIBNAME, luaopen_bit);
  install_vocabulary(lua);

  for (const char* word :
       {"assert", "error", "getmetatable", "ipairs", "next", "pairs", "pcall", "rawequal", "rawget",
        "select", "setmetatable", "tonumber", "tostring", "type", "unpack"}) {
    lua_getglobal(lua, word);
    add_word(lua, word);
  }
  lua_getglobal(lua, "xpcall");
  lua_pushcclosure(lua, guarded_xpcall, 1);
  add_word(lua, "xpcall");
  lua_pushcfunction(lua, load_text);
  add_word(lua, "load");
  lua_getglobal(lua, "tostring");
  lua_pushcclosure(lua, guarded<print_note>, 1);
  add_word(lua, "print");

  lua_getglobal(lua, "string");
  lua_pushnil(lua);
  lua_setfield(lua, -2, "dump");
  wrap(lua, "gsub", call_nested);
  wrap(lua, "format", call_nested);  // it calls __tostring
  wrap(lua, "rep", sized_rep);
  add_namespace(lua, "string");
  lua_getglobal(lua, "coroutine");
  wrap(lua, "resume", call_nested);
  lua_getfield(lua, -1, "resume");
  lua_pushcclosure(lua, coroutine_wrap, 1);
  lua_setfield(lua, -2, "wrap");
  add_namespace(lua, "coroutine");
  for (const char* library : {"table", "math", "bit"}) {
    lua_getglobal(lua, library);
    if (std::string_view{library} == "table") wrap(lua, "sort", call_nested);
    add_namespace(lua, library);
  }

  lua_pushliteral(lua, "");
  lua_getmetatable(lua, -1);
  lua_pushboolean(lua, 0);
  lua_setfield(lua, -2, "__metatable");
  lua_pop(lua, 2);
  remove_all_globals(lua);
}

}  // namespace engine::script
