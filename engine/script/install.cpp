#include "script/install.h"

#include <map>
#include <string>
#include <vector>

#include "script/constructs.h"
#include "script/globals.h"
#include "script/guard.h"
#include "script/lua.h"
#include "script/lua_types.h"
#include "script/placeholder.h"
#include "script/run_state.h"
#include "script/state.h"
#include "script/userdata.h"

namespace engine::script {
namespace {

/// "db.count" goes into the namespace db, "note" among the words.
void install_primitives(lua_State* lua) {
  std::map<std::string, std::vector<const Primitive*>> namespaces{{"sql", {}}};
  for (const Primitive& primitive : State::of(lua).primitives()) {
    const std::string name = primitive.name;
    if (name.find(':') != std::string::npos) continue;
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos) {
      push_primitive(lua, primitive);
      add_word(lua, primitive.name);
    } else {
      namespaces[name.substr(0, dot)].push_back(&primitive);
    }
  }
  for (const auto& [name, primitives] : namespaces) {
    lua_createtable(lua, 0, static_cast<int>(primitives.size()));
    for (const Primitive* primitive : primitives) {
      push_primitive(lua, *primitive);
      lua_setfield(lua, -2, primitive->name + name.size() + 1);
    }
    const bool callable = name == "sql";
    if (callable) push_sql_functions(lua);
    add_namespace(lua, name.c_str(), callable);
  }
}

}  // namespace

void install_words(lua_State* lua) {
  install_markers(lua);
  install_stand_in(lua);
  install_subjects(lua);
  install_primitives(lua);
  install_run_state(lua);
  install_plan_words(lua);
  push_null(lua);
  add_word(lua, "null");
}

}  // namespace engine::script
