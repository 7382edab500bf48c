#include "script/json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json_depth.h"
#include "base/text.h"
#include "base/utf8.h"
#include "script/lua.h"
#include "script/lua_types.h"

namespace engine::script {
namespace {

using nlohmann::json;

constexpr int deepest_table = 50;
constexpr double exact_integers = 9007199254740992.0;  // 2^53

json encode(lua_State* lua, int index, const std::string& path, int depth);

std::string text_at(lua_State* lua, int index, const std::string& path) {
  std::size_t size = 0;
  const char* const data = lua_tolstring(lua, index, &size);
  std::string text{data, size};
  if (!utf8::valid(text)) throw Error{Code::value, "{} is not valid UTF-8", path};
  return text;
}

json encode_table(lua_State* lua, int index, const std::string& path, int depth) {
  if (depth > deepest_table)
    throw Error{Code::value, "{} is nested more than {} deep, or contains itself", path,
                deepest_table};
  if (lua_getmetatable(lua, index) != 0) {
    lua_pop(lua, 1);
    throw Error{Code::value, "{} is {}, which cannot become JSON", path, kind_of(lua, index)};
  }
  luaL_checkstack(lua, 4, "too many nested tables");
  const auto length = static_cast<int>(lua_objlen(lua, index));
  json array = json::array();
  for (int item = 1; item <= length; ++item) {
    lua_rawgeti(lua, index, item);
    array.push_back(encode(lua, lua_gettop(lua), fmt::format("{}[{}]", path, item), depth + 1));
    lua_pop(lua, 1);
  }
  json object = json::object();
  lua_pushnil(lua);
  while (lua_next(lua, index) != 0) {
    if (lua_type(lua, -2) == LUA_TSTRING) {
      const std::string key = text_at(lua, -2, path);
      object[key] = encode(lua, lua_gettop(lua), fmt::format("{}.{}", path, key), depth + 1);
    } else {
      const double key = lua_type(lua, -2) == LUA_TNUMBER ? lua_tonumber(lua, -2) : 0;
      if (key < 1 || key > length || key != std::floor(key))
        throw Error{Code::value, "{} has a key that is neither a string nor in the list 1 to {}",
                    path, length};
    }
    lua_pop(lua, 1);
  }
  if (length > 0 && !object.empty())
    throw Error{Code::value, "{} has both list items and keys", path};
  return length > 0 ? array : object;
}

json encode(lua_State* lua, int index, const std::string& path, int depth) {
  switch (lua_type(lua, index)) {
    case LUA_TBOOLEAN:
      return lua_toboolean(lua, index) != 0;
    case LUA_TNUMBER: {
      const double number = lua_tonumber(lua, index);
      if (!std::isfinite(number)) throw Error{Code::value, "{} is not a finite number", path};
      if (number == std::floor(number) && std::fabs(number) <= exact_integers)
        return static_cast<std::int64_t>(number);
      return number;
    }
    case LUA_TSTRING:
      return text_at(lua, index, path);
    default:
      if (is_null(lua, index)) return nullptr;
      if (lua_istable(lua, index)) return encode_table(lua, index, path, depth);
      throw Error{Code::value, "{} is {}, which cannot become JSON", path, kind_of(lua, index)}
          .hint("Use strings, numbers, booleans and plain tables of them.");
  }
}

void push(lua_State* lua, const json& value) {
  luaL_checkstack(lua, 4, "too deeply nested JSON");
  if (value.is_boolean()) {
    lua_pushboolean(lua, value.get<bool>() ? 1 : 0);
  } else if (value.is_number()) {
    lua_pushnumber(lua, value.get<double>());
  } else if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    lua_pushlstring(lua, text.data(), text.size());
  } else if (value.is_array()) {
    lua_createtable(lua, static_cast<int>(value.size()), 0);
    for (int item = 1; const json& element : value) {
      push(lua, element);
      lua_rawseti(lua, -2, item++);
    }
  } else if (value.is_object()) {
    lua_createtable(lua, 0, static_cast<int>(value.size()));
    for (const auto& [key, element] : value.items()) {
      lua_pushlstring(lua, key.data(), key.size());
      push(lua, element);
      lua_rawset(lua, -3);
    }
  } else {
    push_null(lua);
  }
}

}  // namespace

std::string to_json(lua_State* lua, int index, const std::string& what) {
  if (index < 0) index = lua_gettop(lua) + index + 1;
  return encode(lua, index, what, 0).dump();
}

void push_json(lua_State* lua, const std::string& text) {
  if (json_is_deeper_than(text, deepest_json))
    throw Error{Code::value, "JSON is nested more than {} deep", deepest_json}.hint(
        "Read it as text (::text), or take a part of it with a query.");
  json value;
  try {
    value = json::parse(text);
  } catch (const json::exception&) {
    throw Error{Code::value, "not valid JSON: {}", text::shortened(text, 80)};
  }
  push(lua, value);
}

}  // namespace engine::script
