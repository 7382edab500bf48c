#include "bindings/backups.h"
#include "runner/session/session.h"

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
       .parameters =
           {"name string the name that backup.snapshot returned, or its `as`",
            "options? { since: string } name of the table for rows written after the snapshot"},
       .returns =
           {"string? table with the rows written after the snapshot, or nil if there are none",
            "integer number of these rows"},
       .doc = "Restores a table from its snapshot. If the table exists, changes only what differs "
              "in definition and rows; otherwise creates it again. Rows written after the snapshot "
              "are kept in a separate table. If the result would differ from the snapshot, the "
              "call fails, changes nothing and lists the differences.",
       .example = "backup.restore \"sessions_backup\"",
       .body = restore});
}

}  // namespace engine::bindings
