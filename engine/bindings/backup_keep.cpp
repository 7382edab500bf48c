#include "base/text.h"
#include "bindings/backups.h"
#include "runner/session/session.h"

namespace engine::bindings {
namespace {

int keep(Call& call) {
  call.no_more_than(2);
  const auto table = call.table_name(1, "the table");
  auto given = call.options(2, "the options");
  backup::KeepOptions options;
  options.columns = given.texts("columns").value_or(std::vector<std::string>{});
  options.where = given.text("where").value_or("");
  given.finish();

  auto& session = call.session();
  const auto kept = backup::keep(session.connection(), origin_of(call), table, options);
  if (kept.table) {
    session.note(fmt::format("{} of {} kept in {}", text::counted(kept.rows, "row"),
                             table.display(), kept.table->display()));
    call.push(kept.table->display());
  } else {
    call.push_nothing();
  }
  call.push(kept.rows);
  return 2;
}

}  // namespace

void backup_keep(Registry& add) {
  add({.name = "backup.keep",
       .effect = Effect::writes,
       .parameters = {"table string",
                      "options? { columns: string[], where: string } all columns and rows by "
                      "default; the condition uses the table's columns"},
       .returns = {"string? table with the kept rows, or nil if there are none",
                   "integer number of these rows"},
       .doc = "Copies rows that a later statement removes into a table that only the owner may "
              "read. Writes to the table wait until the step commits.",
       .example = "backup.keep(\"t\", { columns = { \"id\", \"legacy\" }, where = \"legacy IS NOT "
                  "NULL\" })",
       .body = keep});
}

}  // namespace engine::bindings
