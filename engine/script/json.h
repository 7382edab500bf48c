// Plain Lua values as JSON text and back: for the run's state and for parameters.
#pragma once

#include <string>

struct lua_State;

namespace engine::script {

/// Strings, numbers, booleans, null and plain tables of them; a table with items is an array, one
/// with keys an object. Throws Error{value} for anything else, naming `what` and the place in it.
std::string to_json(lua_State* lua, int index, const std::string& what);

/// Pushes the value. Throws Error{value} where the text is no JSON.
void push_json(lua_State* lua, const std::string& text);

}  // namespace engine::script
