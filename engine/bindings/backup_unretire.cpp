#include "bindings/backups.h"
#include "runner/session/session.h"

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
       .parameters = {"table string the table's name before it was retired"},
       .returns = {"string name"},
       .doc = "Restores a retired table with its foreign keys and policies. If the table changed "
              "in the meantime, the call fails, changes nothing and lists the differences.",
       .example = "backup.unretire \"old_sessions\"",
       .body = unretire});
}

}  // namespace engine::bindings
