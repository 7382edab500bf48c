#include "script/lua_types.h"

#include "script/guard.h"
#include "script/lua.h"
#include "script/state.h"

namespace engine::script {
namespace {

constexpr const char* null_name = "engine.null";
constexpr const char* sql_name = "engine.sql";
constexpr const char* secret_name = "engine.secret";

int null_to_string(lua_State* lua) {
  lua_pushliteral(lua, "null");
  return 1;
}

int secret_to_string(lua_State* lua) {
  lua_pushliteral(lua, "***");
  return 1;
}

int sql_to_string(lua_State* lua) {
  lua_pushliteral(lua, "text");
  lua_rawget(lua, 1);
  return 1;
}

int refuse_concatenation(lua_State*) {
  throw Error{Code::argument, "an sql text cannot be concatenated with other text"}.hint(
      "Pass values as $1, and names through sql.name(…).");
}

int refuse_change(lua_State*) { throw Error{Code::argument, "an sql text cannot be changed"}; }

void make_metatable(lua_State* lua, const char* name, lua_CFunction to_string) {
  luaL_newmetatable(lua, name);
  lua_pushcfunction(lua, to_string);
  lua_setfield(lua, -2, "__tostring");
  lua_pushboolean(lua, 0);
  lua_setfield(lua, -2, "__metatable");
}

}  // namespace

void install_markers(lua_State* lua) {
  make_metatable(lua, null_name, null_to_string);
  lua_newuserdata(lua, 1);
  lua_insert(lua, -2);
  lua_setmetatable(lua, -2);
  lua_setfield(lua, LUA_REGISTRYINDEX, "engine.null.value");

  make_metatable(lua, sql_name, sql_to_string);
  lua_pushcfunction(lua, guarded<refuse_concatenation>);
  lua_setfield(lua, -2, "__concat");
  lua_pushcfunction(lua, guarded<refuse_change>);
  lua_setfield(lua, -2, "__newindex");
  lua_pop(lua, 1);

  make_metatable(lua, secret_name, secret_to_string);
  lua_pop(lua, 1);
}

void push_null(lua_State* lua) { lua_getfield(lua, LUA_REGISTRYINDEX, "engine.null.value"); }

bool is_null(lua_State* lua, int index) { return has_metatable(lua, index, null_name); }

void push_sql(lua_State* lua, const SqlText& sql) {
  lua_createtable(lua, 0, 3);
  lua_pushlstring(lua, sql.text.data(), sql.text.size());
  lua_setfield(lua, -2, "text");
  lua_pushlstring(lua, sql.at.file.data(), sql.at.file.size());
  lua_setfield(lua, -2, "file");
  lua_pushinteger(lua, sql.at.line);
  lua_setfield(lua, -2, "line");
  luaL_getmetatable(lua, sql_name);
  lua_setmetatable(lua, -2);
}

std::optional<SqlText> sql_at(lua_State* lua, int index) {
  if (!has_metatable(lua, index, sql_name)) return std::nullopt;
  if (index < 0) index = lua_gettop(lua) + index + 1;
  lua_getfield(lua, index, "text");
  lua_getfield(lua, index, "file");
  lua_getfield(lua, index, "line");
  std::size_t size = 0;
  const char* const text = lua_tolstring(lua, -3, &size);
  SqlText sql{{text, size}, {lua_tostring(lua, -2), static_cast<int>(lua_tointeger(lua, -1))}};
  lua_pop(lua, 3);
  return sql;
}

void push_secret(lua_State* lua, std::string value) {
  const std::size_t number = State::of(lua).keep_secret(std::move(value));
  *static_cast<std::size_t*>(lua_newuserdata(lua, sizeof number)) = number;
  luaL_getmetatable(lua, secret_name);
  lua_setmetatable(lua, -2);
}

const std::string* secret_at(lua_State* lua, int index) {
  if (!has_metatable(lua, index, secret_name)) return nullptr;
  return &State::of(lua).secret(*static_cast<std::size_t*>(lua_touserdata(lua, index)));
}

bool has_metatable(lua_State* lua, int index, const char* name) {
  if (lua_getmetatable(lua, index) == 0) return false;
  luaL_getmetatable(lua, name);
  const bool same = lua_rawequal(lua, -1, -2) != 0;
  lua_pop(lua, 2);
  return same;
}

}  // namespace engine::script
