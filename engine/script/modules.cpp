#include "script/modules.h"

#include <algorithm>

#include "base/text.h"
#include "script/call_check.h"
#include "script/globals.h"
#include "script/guard.h"
#include "script/lua.h"
#include "script/mentions.h"
#include "script/placeholder.h"
#include "script/problems.h"
#include "script/project.h"
#include "script/state.h"
#include "script/value.h"

namespace engine::script {
namespace {

constexpr const char* modules_key = "engine.modules";

/// The chunk of a module, from the file that was read when the plan was loaded.
const Chunk& find_module(State& state, const std::string& name) {
  Sources& sources = state.sources();
  if (const Chunk* const known = sources.module(name)) return *known;
  const std::string path = module_path(name);
  if (state.files().exists(path)) {
    const Files::File& file = state.files().read(path);
    state.use(file, true);
    return *sources.find(sources.add(name + ".lua", file.shown, true, file.text, name).substr(1));
  }
  auto text = lib_lua_file(state.project(), path);
  if (!text) {
    throw Error{Code::file, "module {} does not exist", name}.hint(
        fmt::format("A module is {} or a file in lib-lua.", state.project().show(path)));
  }
  return *sources.find(
      sources.add(name + ".lua", "lib-lua/" + path, false, *std::move(text), name).substr(1));
}

// __index of a module of lib-lua; upvalue 1: its name.
int raise_unknown_member(lua_State* lua) {
  const std::string module = lua_tostring(lua, lua_upvalueindex(1));
  const std::string name = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : kind_of(lua, 2);
  std::vector<std::string> known;
  lua_pushnil(lua);
  while (lua_next(lua, 1) != 0) {
    known.emplace_back(lua_tostring(lua, -2));
    lua_pop(lua, 1);
  }
  std::sort(known.begin(), known.end());
  const auto nearest = text::nearest(name, known);
  return stand_in(lua, Error{Code::lua, "{} has no \"{}\"{}", module, name,
                             nearest ? fmt::format("; did you mean {}.{}?", module, *nearest) : ""}
                           .hint(fmt::format("It has {}.", text::listed(known))));
}

/// A module of lib-lua is strict, as the namespaces of primitives are.
void make_strict(lua_State* lua, const std::string& name) {
  if (!lua_istable(lua, -1) || lua_getmetatable(lua, -1) != 0) return;
  lua_createtable(lua, 0, 2);
  lua_pushstring(lua, name.c_str());
  lua_pushcclosure(lua, guarded<raise_unknown_member>, 1);
  lua_setfield(lua, -2, "__index");
  lua_pushboolean(lua, 0);
  lua_setfield(lua, -2, "__metatable");
  lua_setmetatable(lua, -2);
}

/// Leaves what the module returned on the stack.
void load_module(lua_State* lua, const std::string& name) {
  State& state = State::of(lua);
  const Chunk& chunk = find_module(state, name);
  if (state.problems() != nullptr) {
    check_words(lua, chunk, *state.problems());
    check_calls(state.primitives(), chunk, *state.problems());
  }
  state.compile(lua, chunk.text, "@" + chunk.name);
  call_back(lua, 0, 1);
  if (!chunk.plan) make_strict(lua, name);
  if (!lua_isnil(lua, -1)) return;
  throw Error{Code::lua, "module {} returns nothing", name}
      .hint("End the file with return and the table of its functions.")
      .at({chunk.file, 1});
}

int require_module(lua_State* lua) {
  if (lua_type(lua, 1) != LUA_TSTRING)
    throw Error{Code::argument, "require needs a module's name, not {}", kind_of(lua, 1)};
  const std::string name = lua_tostring(lua, 1);
  if (!is_module_name(name))
    throw Error{Code::argument,
                "require \"{}\": a module's name may contain lower-case letters, digits, _ and .",
                name};
  State& state = State::of(lua);
  lua_getfield(lua, LUA_REGISTRYINDEX, modules_key);
  const int modules = lua_gettop(lua);
  lua_getfield(lua, modules, name.c_str());
  if (lua_isboolean(lua, -1))
    throw Error{Code::lua, "module {} requires itself, directly or through others", name};
  if (!lua_isnil(lua, -1)) {
    // Another step may have read it.
    if (const Files::File* const file = state.files().find(module_path(name)))
      state.use(*file, true);
    return 1;
  }
  lua_pushboolean(lua, 0);
  lua_setfield(lua, modules, name.c_str());
  try {
    load_module(lua, name);
  } catch (const Error&) {
    lua_pushnil(lua);
    lua_setfield(lua, modules, name.c_str());
    throw;
  }
  lua_pushvalue(lua, -1);
  lua_setfield(lua, modules, name.c_str());
  return 1;
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

void install_require(lua_State* lua) {
  lua_newtable(lua);
  lua_setfield(lua, LUA_REGISTRYINDEX, modules_key);
  lua_pushcfunction(lua, guarded<require_module>);
  add_word(lua, "require");
}

void check_words(lua_State* lua, const Chunk& chunk, Problems& problems) {
  const std::vector<std::string> known = words(lua);
  for (const GlobalUse& use : chunk.outline.globals) {
    const Source at{chunk.file, use.line};
    if (use.assigned) {
      problems.add(
          at,
          fmt::format("{} is not a local variable: plans cannot have global variables", use.name),
          fmt::format("Write local {} = …, or put values that steps share into state.", use.name));
    } else if (!contains(known, use.name)) {
      const Error error = unknown_word(lua, use.name);
      problems.add(at, error.message(), error.hint());
    } else if (!use.field.empty()) {
      const std::vector<std::string> names = names_in(lua, use.name);
      if (names.empty() || contains(names, use.field)) continue;
      const Error error = unknown_name(lua, use.name, use.field);
      problems.add(at, error.message(), error.hint());
    }
  }
}

}  // namespace engine::script
