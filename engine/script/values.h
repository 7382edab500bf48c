// Values of the server as Lua values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "db/result.h"

struct lua_State;

namespace engine::script {

/// By type OID: booleans, numbers where they are exact, else text; NULL is nil. Throws Error{value}
/// for a bigint beyond 2^53.
void push_value(lua_State* lua, const std::optional<std::string>& value, std::uint32_t type,
                const std::string& column);

/// Throws Error{value} beyond 2^53.
void push_integer(lua_State* lua, std::int64_t value, const std::string& what);

/// Pushes the metatable that strict rows of this result share. Throws Error{value} where two
/// columns have one name.
void push_row_metatable(lua_State* lua, const db::Result& result);
/// Pushes one row; the metatable lies at `metatable`.
void push_row(lua_State* lua, const db::Result& result, std::size_t row, int metatable);

/// A parameter of a statement, as the server reads it. Throws Error{argument} for functions and
/// the like, naming `what`.
db::Param param_at(lua_State* lua, int index, const std::string& what);

}  // namespace engine::script
