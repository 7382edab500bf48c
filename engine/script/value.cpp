#include "script/value.h"

#include <algorithm>

#include "script/lua.h"
#include "script/lua_types.h"

namespace engine::script {
namespace {

constexpr int deepest_table = 50;

Value read(lua_State* lua, int index, int depth);

Value read_table(lua_State* lua, int index, int depth) {
  if (depth > deepest_table)
    throw Error{Code::argument, "a table is nested more than {} deep, or contains itself",
                deepest_table};
  luaL_checkstack(lua, 4, "too many nested tables");
  Value value;
  value.kind = Value::Kind::table;
  const int length = static_cast<int>(lua_objlen(lua, index));
  for (int item = 1; item <= length; ++item) {
    lua_rawgeti(lua, index, item);
    value.items.push_back(read(lua, lua_gettop(lua), depth + 1));
    lua_pop(lua, 1);
  }
  lua_pushnil(lua);
  while (lua_next(lua, index) != 0) {
    if (lua_type(lua, -2) == LUA_TSTRING) {
      std::size_t size = 0;
      const char* const key = lua_tolstring(lua, -2, &size);
      value.fields.emplace_back(std::string{key, size}, read(lua, lua_gettop(lua), depth + 1));
    }
    lua_pop(lua, 1);
  }
  std::sort(value.fields.begin(), value.fields.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  return value;
}

Value read(lua_State* lua, int index, int depth) {
  Value value;
  switch (lua_type(lua, index)) {
    case LUA_TNIL:
    case LUA_TNONE:
      break;
    case LUA_TBOOLEAN:
      value.kind = Value::Kind::boolean;
      value.boolean = lua_toboolean(lua, index) != 0;
      break;
    case LUA_TNUMBER:
      value.kind = Value::Kind::number;
      value.number = lua_tonumber(lua, index);
      break;
    case LUA_TSTRING: {
      std::size_t size = 0;
      const char* const text = lua_tolstring(lua, index, &size);
      value.kind = Value::Kind::text;
      value.text.assign(text, size);
      break;
    }
    case LUA_TFUNCTION:
      value.kind = Value::Kind::function;
      break;
    default:
      if (is_null(lua, index)) {
        value.kind = Value::Kind::null;
      } else if (const auto sql = sql_at(lua, index)) {
        value.kind = Value::Kind::sql;
        value.text = sql->text;
        value.at = sql->at;
      } else if (lua_istable(lua, index)) {
        return read_table(lua, index, depth);
      } else {
        value.kind = Value::Kind::other;
        value.text = kind_of(lua, index);
      }
  }
  return value;
}

}  // namespace

const Value* Value::field(std::string_view key) const {
  for (const auto& [name, value] : fields)
    if (name == key) return &value;
  return nullptr;
}

Value read_value(lua_State* lua, int index) {
  if (index < 0 && index > LUA_REGISTRYINDEX) index = lua_gettop(lua) + index + 1;
  return read(lua, index, 0);
}

std::string kind_of(lua_State* lua, int index) {
  switch (lua_type(lua, index)) {
    case LUA_TNONE:
    case LUA_TNIL:
      return "nothing";
    case LUA_TSTRING:
      return "a string";
    case LUA_TBOOLEAN:
      return "a boolean";
    case LUA_TNUMBER:
      return "a number";
    case LUA_TFUNCTION:
      return lua_iscfunction(lua, index) ? "a word of the engine" : "a function";
    case LUA_TTHREAD:
      return "a coroutine";
    default:
      if (is_null(lua, index)) return "null";
      if (sql_at(lua, index)) return "an sql text";
      if (secret_at(lua, index) != nullptr) return "a secret";
      return lua_istable(lua, index) ? "a table" : "an object";
  }
}

}  // namespace engine::script
