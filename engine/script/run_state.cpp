#include "script/run_state.h"

#include "runner/session/session.h"
#include "script/globals.h"
#include "script/guard.h"
#include "script/json.h"
#include "script/lua.h"
#include "script/lua_types.h"
#include "script/state.h"
#include "script/values.h"

namespace engine::script {
namespace {

constexpr const char* table_key = "engine.state";
// What the session said when the table was made of it, and what the table itself was as JSON then:
// an empty list of the one is an empty object of the other.
constexpr const char* json_key = "engine.state.json";
constexpr const char* table_json_key = "engine.state.table_json";

std::optional<std::string> text_at(lua_State* lua, const char* key) {
  lua_getfield(lua, LUA_REGISTRYINDEX, key);
  std::size_t size = 0;
  const char* const data = lua_tolstring(lua, -1, &size);
  std::optional<std::string> text;
  if (data != nullptr) text.emplace(data, size);
  lua_pop(lua, 1);
  return text;
}

void keep_text(lua_State* lua, const char* key, const std::string& text) {
  lua_pushlstring(lua, text.data(), text.size());
  lua_setfield(lua, LUA_REGISTRYINDEX, key);
}

runner::Session& session_for(lua_State* lua, const char* word, const std::string& name) {
  runner::Session* const session = State::of(lua).session();
  if (session == nullptr)
    throw Error{
        Code::wrong_moment,
        "{}.{} was read while the plan is loading; move it into a step's run, when or verify", word,
        name};
  return *session;
}

std::string key_at(lua_State* lua, int index, const char* word) {
  if (lua_type(lua, index) != LUA_TSTRING)
    throw Error{Code::argument, "{} must be indexed by a name, not by {}", word,
                kind_of(lua, index)};
  return lua_tostring(lua, index);
}

bool may_change(runner::Moment moment) {
  return moment == runner::Moment::run || moment == runner::Moment::rollback ||
         moment == runner::Moment::task || moment == runner::Moment::console;
}

int read_state(lua_State* lua) {
  session_for(lua, "state", key_at(lua, 2, "state"));
  lua_getfield(lua, LUA_REGISTRYINDEX, table_key);
  lua_pushvalue(lua, 2);
  lua_rawget(lua, -2);
  return 1;
}

int write_state(lua_State* lua) {
  const std::string name = key_at(lua, 2, "state");
  const runner::Session& session = session_for(lua, "state", name);
  if (!may_change(session.moment()))
    throw Error{Code::wrong_moment, "state.{} was set where a step may only read", name}.hint(
        "Set it in the step's run.");
  if (!lua_isnil(lua, 3)) to_json(lua, 3, "state." + name);
  lua_getfield(lua, LUA_REGISTRYINDEX, table_key);
  lua_pushvalue(lua, 2);
  lua_pushvalue(lua, 3);
  lua_rawset(lua, -3);
  return 0;
}

int read_input(lua_State* lua) {
  const std::string name = key_at(lua, 2, "input");
  const runner::Session& session = session_for(lua, "input", name);
  const auto value = session.input(name);
  if (!value) {
    lua_pushnil(lua);
    return 1;
  }
  switch (session.input_type(name)) {
    case plan::InputType::boolean:
      lua_pushboolean(lua, *value == "true" ? 1 : 0);
      return 1;
    case plan::InputType::integer:
      push_integer(lua, std::stoll(*value), "input." + name);
      return 1;
    case plan::InputType::number:
      lua_pushnumber(lua, std::stod(*value));
      return 1;
    case plan::InputType::secret:
      push_secret(lua, *value);
      return 1;
    case plan::InputType::text:
    case plan::InputType::date:
    case plan::InputType::interval:
    case plan::InputType::choice:
      lua_pushlstring(lua, value->data(), value->size());
      return 1;
  }
  return 0;
}

int refuse_input(lua_State* lua) {
  throw Error{Code::argument, "input.{} cannot be changed", key_at(lua, 2, "input")}.hint(
      "Put values that steps share into state.");
}

void add_accessor(lua_State* lua, const char* name, lua_CFunction read, lua_CFunction write) {
  lua_newtable(lua);
  lua_createtable(lua, 0, 3);
  lua_pushcfunction(lua, read);
  lua_setfield(lua, -2, "__index");
  lua_pushcfunction(lua, write);
  lua_setfield(lua, -2, "__newindex");
  lua_pushboolean(lua, 0);
  lua_setfield(lua, -2, "__metatable");
  lua_setmetatable(lua, -2);
  add_word(lua, name);
}

}  // namespace

void install_run_state(lua_State* lua) {
  add_accessor(lua, "state", guarded<read_state>, guarded<write_state>);
  add_accessor(lua, "input", guarded<read_input>, guarded<refuse_input>);
  lua_newtable(lua);
  lua_setfield(lua, LUA_REGISTRYINDEX, table_key);
}

void load_run_state(State& state) {
  if (state.session() == nullptr) return;
  lua_State* const lua = state.lua();
  const std::string& json = state.session()->state();
  if (text_at(lua, json_key) != json) {
    push_json(lua, json.empty() ? "{}" : json);
    keep_text(lua, table_json_key, to_json(lua, -1, "state"));
    lua_setfield(lua, LUA_REGISTRYINDEX, table_key);
  }
  // Until the function has ended well, the table may differ from any JSON.
  lua_pushnil(lua);
  lua_setfield(lua, LUA_REGISTRYINDEX, json_key);
}

void save_run_state(State& state) {
  if (state.session() == nullptr) return;
  lua_State* const lua = state.lua();
  lua_getfield(lua, LUA_REGISTRYINDEX, table_key);
  const std::string json = to_json(lua, -1, "state");
  lua_pop(lua, 1);
  if (text_at(lua, table_json_key) != json) {
    if (!may_change(state.session()->moment()))
      throw Error{Code::wrong_moment, "state was changed where a step may only read"}.hint(
          "Set it in the step's run.");
    state.session()->set_state(json);
    keep_text(lua, table_json_key, json);
  }
  keep_text(lua, json_key, state.session()->state());
}

}  // namespace engine::script
