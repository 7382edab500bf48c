// Calls from C back into Lua: callbacks of primitives, gsub, table.sort, coroutines. Each takes C
// stack, which LuaJIT does not watch.
#pragma once

struct lua_State;

namespace engine::script {

class State;

/// One such call, while it lives.
class Nested {
 public:
  /// Throws Error{lua} where too many are open, or too little stack is left.
  explicit Nested(State& state);
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;
  ~Nested();

 private:
  int& depth_;
};

/// Throws Error{lua} where too little stack is left for a primitive's own work.
void check_stack();

/// A function of LuaJIT's library that calls back, upvalue 1, as one more level of nesting.
int call_nested(lua_State* lua);

}  // namespace engine::script
