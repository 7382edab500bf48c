#include "base/text.h"
#include "bindings/backups.h"
#include "runner/session/session.h"

namespace engine::bindings {
namespace {

int retire(Call& call) {
  call.no_more_than(1);
  const auto table = call.table_name(1, "the table");
  auto& session = call.session();
  const auto retired = backup::retire(session.connection(), origin_of(call), table);
  std::string note = fmt::format("{} is now {}", retired.table.display(), retired.now.display());
  if (!retired.detached.empty()) note += "; detached: " + text::listed(retired.detached);
  if (!retired.readers.empty()) note += "; still read by: " + text::listed(retired.readers);
  session.note(note);
  return call.push(retired.now.display());
}

}  // namespace

void backup_retire(Registry& add) {
  add({.name = "backup.retire",
       .effect = Effect::destroys,
       .parameters = {"table string"},
       .returns = {"string the table's new name"},
       .doc = "Moves a table to another schema instead of dropping it. Rows, privileges, triggers, "
              "sequences and foreign keys to it are kept, and only its owner can access it. Its "
              "own foreign keys and the policies that name other tables are removed until "
              "backup.unretire.",
       .example = "backup.retire \"old_sessions\"",
       .body = retire});
}

}  // namespace engine::bindings
