#include "bindings/settings.h"

#include "script/lua.h"
#include "script/primitive.h"
#include "script/value.h"
#include "script/values.h"

namespace engine::bindings {

verify::LocalSettings read_settings(script::Call& call, int position) {
  verify::LocalSettings settings;
  for (const auto& [name, value] : script::read_value(call.lua(), position).fields) {
    lua_getfield(call.lua(), position, name.c_str());
    const std::string what = fmt::format("{}: setting {}", call.primitive().name, name);
    settings.emplace_back(name, script::param_at(call.lua(), -1, what).value_or(""));
    lua_pop(call.lua(), 1);
  }
  return settings;
}

}  // namespace engine::bindings
