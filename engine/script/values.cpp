#include "script/values.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <set>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "script/guard.h"
#include "script/json.h"
#include "script/lua.h"
#include "script/lua_types.h"

namespace engine::script {
namespace {

constexpr std::int64_t exact_integers = std::int64_t{1} << 53;

// OIDs of pg_type.dat: built-in types keep theirs in every server.
enum TypeOid : std::uint32_t {
  oid_bool = 16,
  oid_int8 = 20,
  oid_int2 = 21,
  oid_int4 = 23,
  oid_oid = 26,
  oid_float4 = 700,
  oid_float8 = 701,
};

std::int64_t integer_of(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::vector<std::string> keys_of_table(lua_State* lua, int index) {
  std::vector<std::string> keys;
  lua_pushnil(lua);
  while (lua_next(lua, index) != 0) {
    keys.emplace_back(lua_tostring(lua, -2));
    lua_pop(lua, 1);
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

// __index of a strict row: reached for NULL columns and for names that are no column.
int missing_column(lua_State* lua) {
  if (lua_type(lua, 2) == LUA_TSTRING) {
    lua_pushvalue(lua, 2);
    lua_rawget(lua, lua_upvalueindex(1));
    if (!lua_isnil(lua, -1)) {
      lua_pushnil(lua);
      return 1;
    }
  }
  const std::vector<std::string> known = keys_of_table(lua, lua_upvalueindex(1));
  const bool named = lua_type(lua, 2) == LUA_TSTRING;
  const std::string name = named ? lua_tostring(lua, 2) : kind_of(lua, 2);
  throw Error{Code::argument, "the row has no column \"{}\"{}", name,
              text::did_you_mean(name, known)}
      .hint(fmt::format("Its columns: {}.", text::listed(known)));
}

}  // namespace

void push_integer(lua_State* lua, std::int64_t value, const std::string& what) {
  if (value > exact_integers || value < -exact_integers)
    throw Error{Code::value, "{} is {}, which a Lua number cannot represent exactly", what, value}
        .hint("Read it as text: add ::text to the column in the query.");
  lua_pushnumber(lua, static_cast<double>(value));
}

void push_value(lua_State* lua, const std::optional<std::string>& value, std::uint32_t type,
                const std::string& column) {
  if (!value) return lua_pushnil(lua);
  switch (type) {
    case oid_bool:
      return lua_pushboolean(lua, *value == "t" ? 1 : 0);
    case oid_int2:
    case oid_int4:
    case oid_oid:
    case oid_int8:
      return push_integer(lua, integer_of(*value), column);
    case oid_float4:
    case oid_float8:
      return lua_pushnumber(lua, std::strtod(value->c_str(), nullptr));
    default:
      return lua_pushlstring(lua, value->data(), value->size());
  }
}

void push_row_metatable(lua_State* lua, const db::Result& result) {
  lua_createtable(lua, 0, 2);
  lua_createtable(lua, 0, static_cast<int>(result.columns().size()));
  std::set<std::string> seen;
  for (const db::ResultColumn& column : result.columns()) {
    if (!seen.insert(column.name).second)
      throw Error{Code::value, "two columns of the result are named \"{}\"", column.name}.hint(
          "Give one of them another name with AS.");
    lua_pushboolean(lua, 1);
    lua_setfield(lua, -2, column.name.c_str());
  }
  lua_pushcclosure(lua, guarded<missing_column>, 1);
  lua_setfield(lua, -2, "__index");
  lua_pushboolean(lua, 0);
  lua_setfield(lua, -2, "__metatable");
}

void push_row(lua_State* lua, const db::Result& result, std::size_t row, int metatable) {
  lua_createtable(lua, 0, static_cast<int>(result.columns().size()));
  for (std::size_t i = 0; i < result.columns().size(); ++i) {
    const db::ResultColumn& column = result.columns()[i];
    push_value(lua, result.at(row, i), column.type, column.name);
    lua_setfield(lua, -2, column.name.c_str());
  }
  lua_pushvalue(lua, metatable);
  lua_setmetatable(lua, -2);
}

db::Param param_at(lua_State* lua, int index, const std::string& what) {
  switch (lua_type(lua, index)) {
    case LUA_TBOOLEAN:
      return lua_toboolean(lua, index) != 0 ? "true" : "false";
    case LUA_TNUMBER: {
      const double number = lua_tonumber(lua, index);
      if (number == std::floor(number) && std::fabs(number) <= static_cast<double>(exact_integers))
        return std::to_string(static_cast<std::int64_t>(number));
      if (std::isnan(number)) return "NaN";
      if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
      return fmt::format("{}", number);  // the shortest text that reads back as the same number
    }
    case LUA_TSTRING: {
      std::size_t size = 0;
      const char* const data = lua_tolstring(lua, index, &size);
      std::string text{data, size};
      if (text.find('\0') != std::string::npos)
        throw Error{Code::argument, "{} contains a NUL byte, which PostgreSQL cannot store", what};
      return text;
    }
    default:
      if (is_null(lua, index)) return std::nullopt;
      if (const std::string* secret = secret_at(lua, index)) return *secret;
      if (lua_istable(lua, index) && !sql_at(lua, index)) return to_json(lua, index, what);
      throw Error{Code::argument, "{} is {}, which cannot be a parameter", what,
                  kind_of(lua, index)}
          .hint(lua_isnoneornil(lua, index) ? "Write null for SQL NULL." : "");
  }
}

}  // namespace engine::script
