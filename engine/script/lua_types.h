// Values of the plan language that are neither text nor number: null, SQL texts, secrets.
#pragma once

#include <optional>
#include <string>

#include "script/value.h"

struct lua_State;

namespace engine::script {

void install_markers(lua_State* lua);

void push_null(lua_State* lua);
bool is_null(lua_State* lua, int index);

void push_sql(lua_State* lua, const SqlText& sql);
std::optional<SqlText> sql_at(lua_State* lua, int index);

/// A handle: tostring gives ***, and only a parameter of a statement gets the value.
void push_secret(lua_State* lua, std::string value);
const std::string* secret_at(lua_State* lua, int index);

/// Has the table or userdata at `index` this metatable (of luaL_newmetatable)? Metatables that a
/// plan locked or forged do not deceive it.
bool has_metatable(lua_State* lua, int index, const char* name);

}  // namespace engine::script
