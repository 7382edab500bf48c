#include "bindings/backups.h"
#include "runner/session.h"

namespace engine::bindings {
namespace {

int restore(Call& call) {
  call.no_more_than(2);
  const auto name = call.text(1, "the backup's name");
  auto given = call.options(2, "the options");
  backup::RestoreOptions options;
  options.since = given.text("since").value_or("");
  given.finish();

  auto& session = call.session();
  const auto restored = backup::restore(session.connection(), origin_of(call), name, options);
  session.note(restored.sentence());
  const auto& saved = restored.table.saved;
  if (saved) {
    call.push(saved->display());
  } else {
    call.push_nothing();
  }
  call.push(restored.table.saved_rows);
  return 2;
}

}  // namespace

void backup_restore(Registry& add) {
  add({.name = "backup.restore",
       .effect = Effect::destroys,
       .parameters = {"name string what backup.snapshot returned or was given as `as`",
                      "options? { since: string } the name for rows written since"},
       .returns = {"string? table with the rows written since the snapshot, where there are any",
                   "integer number of these rows"},
       .doc = "Puts a table back as it was: definition and rows by difference where it still "
              "stands, anew "
              "where it is gone. Rows written since are kept in a table of their own. Either "
              "everything is equal "
              "to before, or nothing is changed and the differences are named.",
       .example = "backup.restore \"sessions_backup\"",
       .body = restore});
}

}  // namespace engine::bindings
