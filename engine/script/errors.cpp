#include "script/errors.h"

#include "script/lua.h"
#include "script/state.h"

namespace engine::script {
namespace {

constexpr const char* metatable_name = "engine.error";

void set_text(lua_State* lua, const char* key, const std::string& text) {
  if (text.empty()) return;
  lua_pushlstring(lua, text.data(), text.size());
  lua_setfield(lua, -2, key);
}

std::string get_text(lua_State* lua, int index, const char* key) {
  lua_pushstring(lua, key);
  lua_rawget(lua, index);
  std::string text;
  if (lua_type(lua, -1) == LUA_TSTRING) {
    std::size_t size = 0;
    const char* const data = lua_tolstring(lua, -1, &size);
    text.assign(data, size);
  }
  lua_pop(lua, 1);
  return text;
}

int get_line(lua_State* lua, int index) {
  lua_pushliteral(lua, "line");
  lua_rawget(lua, index);
  const int line = static_cast<int>(lua_tointeger(lua, -1));
  lua_pop(lua, 1);
  return line;
}

std::optional<Code> code_named(const std::string& name) {
  for (int code = 0; code <= static_cast<int>(Code::interrupted); ++code)
    if (name_of(static_cast<Code>(code)) == name) return static_cast<Code>(code);
  return std::nullopt;
}

int error_to_string(lua_State* lua) {
  lua_pushliteral(lua, "message");
  lua_rawget(lua, 1);
  return 1;
}

Error error_from_table(lua_State* lua, int index) {
  const std::string message = get_text(lua, index, "message");
  Error error{
      code_named(get_text(lua, index, "code")).value_or(Code::lua),
      message.empty() ? "the plan raised an error that is a table without a message" : message};
  error.hint(get_text(lua, index, "hint"))
      .detail(get_text(lua, index, "detail"))
      .sqlstate(get_text(lua, index, "sqlstate"))
      .constraint(get_text(lua, index, "constraint"))
      .statement(get_text(lua, index, "statement"))
      .at({get_text(lua, index, "file"), get_line(lua, index)});
  return error;
}

Error error_from_string(State& state, std::string message) {
  if (message == "not enough memory") return out_of_memory(state);
  const auto source = state.sources().strip_position(message);
  return Error{Code::lua, std::move(message)}.at(source.value_or(Source{}));
}

}  // namespace

Error out_of_memory(State& state) {
  return Error{Code::memory, "the plan reached its memory limit of {} MB",
               state.memory().limit() >> 20}
      .hint("Do the work in SQL, or read the rows one at a time with db.each.");
}

void install_errors(lua_State* lua) {
  luaL_newmetatable(lua, metatable_name);
  lua_pushcfunction(lua, error_to_string);
  lua_setfield(lua, -2, "__tostring");
  lua_pushboolean(lua, 0);
  lua_setfield(lua, -2, "__metatable");
  lua_pop(lua, 1);
}

void push_error(lua_State* lua, const Error& error) {
  if (const auto* raised = dynamic_cast<const RaisedError*>(&error)) return raised->push(lua);
  lua_createtable(lua, 0, 8);
  const std::string_view code = name_of(error.code());
  set_text(lua, "code", std::string{code});
  set_text(lua, "message", error.message());
  set_text(lua, "hint", error.hint());
  set_text(lua, "detail", error.detail());
  set_text(lua, "sqlstate", error.sqlstate());
  set_text(lua, "constraint", error.constraint());
  set_text(lua, "statement", error.statement());
  if (error.source()) {
    set_text(lua, "file", error.source().file);
    set_text(lua, "where", fmt::format("{}:{}", error.source().file, error.source().line));
    lua_pushinteger(lua, error.source().line);
    lua_setfield(lua, -2, "line");
  }
  luaL_getmetatable(lua, metatable_name);
  lua_setmetatable(lua, -2);
}

Error error_from(lua_State* lua, int index) {
  if (index < 0) index = lua_gettop(lua) + index + 1;
  switch (lua_type(lua, index)) {
    case LUA_TTABLE:
      return error_from_table(lua, index);
    case LUA_TSTRING:
    case LUA_TNUMBER: {
      lua_pushvalue(lua, index);  // lua_tolstring would change a number in place
      std::size_t size = 0;
      const char* const data = lua_tolstring(lua, -1, &size);
      Error error = error_from_string(State::of(lua), std::string{data, size});
      lua_pop(lua, 1);
      return error;
    }
    default:
      return Error{Code::lua, "the plan raised an error that is a {} value",
                   luaL_typename(lua, index)};
  }
}

RaisedError::RaisedError(lua_State* lua, int index) : Error(error_from(lua, index)) {
  lua_pushvalue(lua, index);
  State& state = State::of(lua);
  reference_ =
      std::shared_ptr<int>(new int{luaL_ref(lua, LUA_REGISTRYINDEX)},
                           [keep = state.weak_from_this(), main = state.lua()](int* reference) {
                             const auto alive = keep.lock();
                             if (alive) luaL_unref(main, LUA_REGISTRYINDEX, *reference);
                             delete reference;
                           });
}

void RaisedError::push(lua_State* lua) const { lua_rawgeti(lua, LUA_REGISTRYINDEX, *reference_); }

}  // namespace engine::script
