#include "bindings/backups.h"
#include "runner/session/session.h"

namespace engine::bindings {
namespace {

int drop(Call& call) {
  call.no_more_than(1);
  const auto name = call.text(1, "the backup's name");
  backup::drop(call.session().connection(), origin_of(call), name);
  return 0;
}

}  // namespace

void backup_drop(Registry& add) {
  add({.name = "backup.drop",
       .effect = Effect::destroys,
       .parameters = {"name string the name that backup.snapshot returned, or its `as`"},
       .returns = {},
       .doc = "Drops a snapshot and its copies permanently.",
       .example = "backup.drop \"sessions_backup\"",
       .body = drop});
}

}  // namespace engine::bindings
