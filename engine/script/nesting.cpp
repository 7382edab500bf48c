#include "script/nesting.h"

#include "base/error.h"
#include "base/stack.h"
#include "script/guard.h"
#include "script/lua.h"
#include "script/state.h"

namespace engine::script {
namespace {

// As in Lua 5.1, LUAI_MAXCCALLS.
constexpr int deepest_nesting = 200;
// What a primitive and the libraries below it may need.
constexpr std::size_t reserve = 128 * 1024;

Error too_deep(const std::string& what) {
  return Error{Code::lua, "{}", what}.hint(
      "Look for a function that calls itself, directly or through others, without end.");
}

int refuse(lua_State* lua) {
  const Nested nested{State::of(lua)};
  return 0;
}

}  // namespace

void check_stack() {
  if (stack::remaining() < reserve)
    throw too_deep("function calls are nested too deep for the stack of this process (ulimit -s)");
}

Nested::Nested(State& state) : depth_(state.nesting()) {
  if (depth_ >= deepest_nesting)
    throw too_deep(fmt::format(
        "functions that the engine calls (callbacks, gsub, sort, coroutines) are nested more than "
        "{} deep",
        deepest_nesting));
  check_stack();
  ++depth_;
}

Nested::~Nested() { --depth_; }

int call_nested(lua_State* lua) {
  if (State::of(lua).nesting() >= deepest_nesting || stack::remaining() < reserve)
    return run_guarded(lua, refuse);
  const Nested nested{State::of(lua)};
  lua_pushvalue(lua, lua_upvalueindex(1));
  lua_insert(lua, 1);
  lua_call(lua, lua_gettop(lua) - 1, LUA_MULTRET);
  return lua_gettop(lua);
}

}  // namespace engine::script
