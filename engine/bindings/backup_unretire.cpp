#include "bindings/backups.h"
#include "runner/session.h"

namespace engine::bindings {
namespace {

int unretire(Call& call) {
  call.no_more_than(1);
  const auto table = call.text(1, "the table");
  auto& session = call.session();
  const auto back = backup::unretire(session.connection(), origin_of(call), table);
  return call.push(back.display());
}

}  // namespace

void backup_unretire(Registry& add) {
  add({.name = "backup.unretire",
       .effect = Effect::writes,
       .parameters = {"table string its name before it was retired"},
       .returns = {"string name"},
       .doc =
           "Brings a retired table back, with its keys and policies. Either it is what it was, or "
           "nothing is changed and the differences are named.",
       .example = "backup.unretire \"old_sessions\"",
       .body = unretire});
}

}  // namespace engine::bindings
