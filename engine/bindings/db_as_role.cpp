#include "bindings/registry.h"
#include "runner/session.h"
#include "script/lua.h"
#include "script/values.h"
#include "verify/impersonation.h"

namespace engine::bindings {
namespace {

int as_role(Call& call) {
  call.no_more_than(3);
  const auto role = call.text(1, "the role");
  const auto work = call.function(3, "the function");
  call.options(2, "the settings");
  verify::LocalSettings settings;
  for (const auto& [name, value] : call.value(2, "the settings").fields) {
    lua_getfield(call.lua(), 2, name.c_str());
    const std::string what = fmt::format("{}: setting {}", call.primitive().name, name);
    settings.emplace_back(name, script::param_at(call.lua(), -1, what).value_or(""));
    lua_pop(call.lua(), 1);
  }
  verify::Impersonation impersonation{call.session().connection(), role, settings};
  work();
  impersonation.end();
  return 0;
}

}  // namespace

void db_as_role(Registry& add) {
  add({.name = "db.as_role",
       .effect = Effect::reads,
       .parameters = {"role string", "settings table<string, any> texts; a table becomes JSON",
                      "work function"},
       .returns = {},
       .doc = "Runs the function as another role, with settings of its own; both end with it, also "
              "where it fails.",
       .example =
           "db.as_role(\"reporting\", { [\"app.tenant\"] = \"7\" }, function() db.count \"t\" end)",
       .body = as_role});
}

}  // namespace engine::bindings
