#include "script/globals.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "script/guard.h"
#include "script/lua.h"
#include "script/placeholder.h"
#include "script/value.h"

namespace engine::script {
namespace {

constexpr const char* words_key = "engine.words";
constexpr const char* namespaces_key = "engine.namespaces";
constexpr const char* environment_key = "engine.environment";

std::string name_at(lua_State* lua, int index) {
  return lua_type(lua, index) == LUA_TSTRING ? lua_tostring(lua, index) : kind_of(lua, index);
}

std::vector<std::string> keys_at_top(lua_State* lua) {
  std::vector<std::string> keys;
  if (lua_istable(lua, -1)) {
    lua_pushnil(lua);
    while (lua_next(lua, -2) != 0) {
      keys.emplace_back(lua_tostring(lua, -2));
      lua_pop(lua, 1);
    }
  }
  lua_pop(lua, 1);
  std::sort(keys.begin(), keys.end());
  return keys;
}

int raise_unknown_word(lua_State* lua) { return stand_in(lua, unknown_word(lua, name_at(lua, 2))); }

int raise_unknown_name(lua_State* lua) {
  return stand_in(lua, unknown_name(lua, lua_tostring(lua, lua_upvalueindex(1)), name_at(lua, 2)));
}

int raise_read_only(lua_State* lua) {
  const std::string name = name_at(lua, 2);
  throw Error{Code::lua, "a plan cannot replace a word of the engine: {}", name}.hint(
      fmt::format("Write local {} = …, or put values that steps share into state.", name));
}

int raise_read_only_name(lua_State* lua) {
  throw Error{Code::lua, "{}.{} cannot be changed", lua_tostring(lua, lua_upvalueindex(1)),
              name_at(lua, 2)};
}

/// Gives the table on top a metatable whose __index raises.
void make_strict(lua_State* lua, lua_CFunction raise, const char* name) {
  lua_createtable(lua, 0, 1);
  lua_pushstring(lua, name);
  lua_pushcclosure(lua, raise, 1);
  lua_setfield(lua, -2, "__index");
  lua_setmetatable(lua, -2);
}

/// Replaces the table on top by an empty one that shows it and cannot be written to.
void make_proxy(lua_State* lua, lua_CFunction refuse, const char* name) {
  lua_newtable(lua);
  lua_createtable(lua, 0, 4);
  lua_pushvalue(lua, -3);
  lua_setfield(lua, -2, "__index");
  lua_pushstring(lua, name);
  lua_pushcclosure(lua, refuse, 1);
  lua_setfield(lua, -2, "__newindex");
  lua_pushboolean(lua, 0);
  lua_setfield(lua, -2, "__metatable");
  lua_setmetatable(lua, -2);
  lua_remove(lua, -2);
}

}  // namespace

void install_vocabulary(lua_State* lua) {
  lua_newtable(lua);
  make_strict(lua, guarded<raise_unknown_word>, "");
  lua_pushvalue(lua, -1);
  lua_setfield(lua, LUA_REGISTRYINDEX, words_key);
  make_proxy(lua, guarded<raise_read_only>, "");
  lua_setfield(lua, LUA_REGISTRYINDEX, environment_key);
  lua_newtable(lua);
  lua_setfield(lua, LUA_REGISTRYINDEX, namespaces_key);
}

void add_word(lua_State* lua, const char* name) {
  lua_getfield(lua, LUA_REGISTRYINDEX, words_key);
  lua_insert(lua, -2);
  lua_setfield(lua, -2, name);
  lua_pop(lua, 1);
}

void add_namespace(lua_State* lua, const char* name, bool callable) {
  if (callable) lua_insert(lua, -2);
  lua_getfield(lua, LUA_REGISTRYINDEX, namespaces_key);
  lua_pushvalue(lua, -2);
  lua_setfield(lua, -2, name);
  lua_pop(lua, 1);
  make_strict(lua, guarded<raise_unknown_name>, name);
  make_proxy(lua, guarded<raise_read_only_name>, name);
  if (callable) {
    lua_getmetatable(lua, -1);
    lua_pushvalue(lua, -3);
    lua_setfield(lua, -2, "__call");
    lua_pop(lua, 1);
    lua_remove(lua, -2);
  }
  add_word(lua, name);
}

void push_environment(lua_State* lua) { lua_getfield(lua, LUA_REGISTRYINDEX, environment_key); }

std::vector<std::string> words(lua_State* lua) {
  lua_getfield(lua, LUA_REGISTRYINDEX, words_key);
  return keys_at_top(lua);
}

std::vector<std::string> names_in(lua_State* lua, const std::string& word) {
  lua_getfield(lua, LUA_REGISTRYINDEX, namespaces_key);
  lua_getfield(lua, -1, word.c_str());
  lua_remove(lua, -2);
  return keys_at_top(lua);
}

std::string instead_of(const std::string& word) {
  static const std::map<std::string, std::string> advice{
      {"io", "Use sql.file to read SQL and file.write to write into the output folder."},
      {"os", "Ask the server for the time: db.value \"SELECT now()\"."},
      {"debug", "Plans cannot use the debug library."},
      {"ffi", "Plans cannot call C functions."},
      {"jit", "Plans cannot control the compiler."},
      {"package", "Use require \"name\" for a file beside the plan or in lib-lua."},
      {"module", "Return a table from the file and require it."},
      {"dofile", "Use require \"name\" for a file beside the plan."},
      {"loadfile", "Use require \"name\" for a file beside the plan."},
      {"loadstring", "Use load."},
      {"collectgarbage", "The engine manages memory."},
      {"gcinfo", "The engine manages memory."},
      {"getfenv", "Plans have one environment; use locals."},
      {"setfenv", "Plans have one environment; use locals."},
      {"newproxy", "Use a table."},
      {"rawset", "Assign with =."},
      {"_G", "Use words by their names. Put values that steps share into state."},
      {
          "undo",
          "Write rollback = … in the step.",
      }};
  const auto found = advice.find(word);
  return found == advice.end() ? "" : found->second;
}

Error unknown_word(lua_State* lua, const std::string& word) {
  const std::string advice = instead_of(word);
  if (!advice.empty()) return Error{Code::lua, "plans cannot use {}", word}.hint(advice);
  return Error{Code::lua, "unknown word \"{}\"{}", word, text::did_you_mean(word, words(lua))};
}

Error unknown_name(lua_State* lua, const std::string& word, const std::string& name) {
  const std::vector<std::string> known = names_in(lua, word);
  const auto nearest = text::nearest(name, known);
  return Error{Code::lua, "{} has no \"{}\"{}", word, name,
               nearest ? fmt::format("; did you mean {}.{}?", word, *nearest) : ""}
      .hint(fmt::format("It has {}.", text::listed(known)));
}

}  // namespace engine::script
