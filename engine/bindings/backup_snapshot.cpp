#include "base/text.h"
#include "bindings/backups.h"
#include "runner/session/session.h"

namespace engine::bindings {
namespace {

int snapshot(Call& call) {
  call.no_more_than(2);
  const auto table = call.table_name(1, "the table");
  auto given = call.options(2, "the options");
  backup::SnapshotOptions options;
  options.as = given.text("as").value_or("");
  options.refers = given.boolean("refers").value_or(true);
  given.finish();

  auto& session = call.session();
  const auto taken = backup::snapshot(session.connection(), origin_of(call), table, options);
  std::string note = told(taken.table);
  for (const auto& referring : taken.referring) note += "; " + told(referring);
  session.note(note);
  if (!taken.not_rebuilt.empty()) {
    session.note(fmt::format("this backup cannot restore what DROP … CASCADE of {} would drop: {}",
                             taken.table.table.display(), text::listed(taken.not_rebuilt)));
  }
  return call.push(taken.name);
}

}  // namespace

void backup_snapshot(Registry& add) {
  add({.name = "backup.snapshot",
       .effect = Effect::writes,
       .parameters = {"table string",
                      "options? { as: string, refers: boolean } the copy's name, in the table's "
                      "schema by default; refers = false omits the rows of other tables that a "
                      "DELETE would delete too"},
       .returns = {"string name for backup.restore and backup.drop"},
       .doc =
           "Copies a table's rows and the rows that refer to them. Records the table's definition: "
           "foreign keys in both directions, privileges, policies, triggers and views. Only the "
           "owner may read the copy. Writes to the tables wait until the step commits.",
       .example = "backup.snapshot(\"sessions\", { as = \"sessions_backup\" })",
       .body = snapshot});
}

}  // namespace engine::bindings
