#include "script/userdata.h"

#include <algorithm>
#include <map>
#include <new>
#include <vector>

#include "base/error.h"
#include "script/call_check.h"
#include "script/guard.h"
#include "script/lua.h"
#include "script/lua_types.h"
#include "script/state.h"

namespace engine::script {
namespace {

struct Subject {
  std::shared_ptr<void> value;
  std::type_index type;
};

std::string registry_name(const std::string& class_name) { return "engine.class." + class_name; }

int destroy(lua_State* lua) {
  static_cast<Subject*>(lua_touserdata(lua, 1))->~Subject();
  return 0;
}

// __index: a method, or an error that names the nearest one.
int find_method(lua_State* lua) {
  lua_pushvalue(lua, 2);
  lua_rawget(lua, lua_upvalueindex(1));
  if (!lua_isnil(lua, -1)) return 1;
  std::vector<std::string> known;
  lua_pushnil(lua);
  while (lua_next(lua, lua_upvalueindex(1)) != 0) {
    known.emplace_back(lua_tostring(lua, -2));
    lua_pop(lua, 1);
  }
  std::sort(known.begin(), known.end());
  const std::string class_name = lua_tostring(lua, lua_upvalueindex(2));
  const std::string method = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "?";
  throw unknown_method(class_name, method, known);
}

}  // namespace

void install_subjects(lua_State* lua) {
  std::map<std::string, std::vector<const Primitive*>> classes;
  for (const Primitive& primitive : State::of(lua).primitives()) {
    const std::string name = primitive.name;
    const std::size_t colon = name.find(':');
    if (colon != std::string::npos) classes[name.substr(0, colon)].push_back(&primitive);
  }
  for (const auto& [class_name, methods] : classes) {
    luaL_newmetatable(lua, registry_name(class_name).c_str());
    lua_createtable(lua, 0, static_cast<int>(methods.size()));
    for (const Primitive* method : methods) {
      push_primitive(lua, *method);
      lua_setfield(lua, -2, method->name + class_name.size() + 1);
    }
    lua_pushstring(lua, class_name.c_str());
    lua_pushcclosure(lua, guarded<find_method>, 2);
    lua_setfield(lua, -2, "__index");
    lua_pushcfunction(lua, destroy);
    lua_setfield(lua, -2, "__gc");
    lua_pushboolean(lua, 0);
    lua_setfield(lua, -2, "__metatable");
    lua_pop(lua, 1);
  }
}

void push_subject(lua_State* lua, const std::string& class_name, std::shared_ptr<void> value,
                  std::type_index type) {
  void* const memory = lua_newuserdata(lua, sizeof(Subject));
  new (memory) Subject{std::move(value), type};
  luaL_getmetatable(lua, registry_name(class_name).c_str());
  lua_setmetatable(lua, -2);
}

void* subject_at(lua_State* lua, int index, const std::string& class_name, std::type_index type) {
  if (lua_type(lua, index) != LUA_TUSERDATA) return nullptr;
  if (!has_metatable(lua, index, registry_name(class_name).c_str())) return nullptr;
  const auto* const subject = static_cast<Subject*>(lua_touserdata(lua, index));
  return subject->type == type ? subject->value.get() : nullptr;
}

}  // namespace engine::script
