// Errors across the border: engine::Error as a Lua table, and back without loss.
#pragma once

#include <memory>

#include "base/error.h"

struct lua_State;

namespace engine::script {

class State;

/// Makes the locked metatable of error tables. Once per state.
void install_errors(lua_State* lua);

/// An error table: code, message, hint, detail, sqlstate, constraint, statement, file, line, where.
/// An error that came out of Lua is pushed as the very value that was raised.
void push_error(lua_State* lua, const Error& error);

/// The value at `index`, whatever was raised, as an Error. Strings lose their position, which
/// becomes `source`; a value of the plan's own becomes Error{lua}.
Error error_from(lua_State* lua, int index);

/// What LuaJIT's "not enough memory" means for the plan.
Error out_of_memory(State& state);

/// Thrown where a function of the plan raised inside a primitive: an Error that keeps the raised
/// value, so that the plan's own pcall gets the same object back.
class RaisedError : public Error {
 public:
  RaisedError(lua_State* lua, int index);
  void push(lua_State* lua) const;

 private:
  std::shared_ptr<int> reference_;
};

}  // namespace engine::script
