#include "bindings/registry.h"
#include "bindings/settings.h"
#include "runner/session/session.h"
#include "verify/impersonation.h"

namespace engine::bindings {
namespace {

int as_role(Call& call) {
  call.no_more_than(3);
  const auto role = call.text(1, "the role");
  const auto work = call.function(3, "the function");
  call.options(2, "the settings");
  const auto settings = read_settings(call, 2);
  verify::Impersonation impersonation{call.session().connection(), role, settings};
  work();
  impersonation.end();
  return 0;
}

}  // namespace

void db_as_role(Registry& add) {
  add({.name = "db.as_role",
       .effect = Effect::reads,
       .parameters = {"role string", "settings table<string, any> strings; a table becomes JSON",
                      "work fun() runs as that role"},
       .returns = {},
       .doc = "Runs a function as another role and with other settings. Role and settings are "
              "reset afterwards, even if the function fails.",
       .example =
           "db.as_role(\"reporting\", { [\"app.tenant\"] = \"7\" }, function() db.count \"t\" end)",
       .body = as_role});
}

}  // namespace engine::bindings
